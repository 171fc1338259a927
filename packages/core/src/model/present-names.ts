import { cassetteName, type CassetteName } from './cassette-name.ts'
import { MatcherError } from './errors/matcher-error.ts'
import { headerValue } from './header-list.ts'
import type { Interaction } from './interaction.ts'
import type { MatcherSet } from './matcher-set.ts'
import { isVolatile } from './stored-request.ts'

/** A recording that other matchers named and that the present ones cannot name. */
export interface StaleInteraction {
  readonly interaction: Interaction
  /** Why not, as the end of a sentence. */
  readonly reason: string
}

/** What became of the recordings of a cassette that other matchers named. */
export interface PresentNames {
  /** Each under its present name, by what is stored. */
  readonly renamed: ReadonlyMap<Interaction, Interaction>
  readonly stale: readonly StaleInteraction[]
}

/**
 * Names recordings anew that other matchers named. Those of one test that get the same name become
 * a sequence in the order they were recorded in; what was a sequence before keeps its order. A name
 * that a recording of the present matchers has is left to it, so that what answers does not depend on
 * what was looked for before.
 *
 * @param interactions all of a cassette, sorted
 * @param isPresent whether an interaction has its name from the present matchers
 */
export function presentNames(
  interactions: readonly Interaction[],
  matchers: MatcherSet,
  isPresent: (interaction: Interaction) => boolean = ({ matchOn }) =>
    matchOn === matchers.fingerprint,
): PresentNames {
  const { true: present = [], false: old = [] } = Object.groupBy(interactions, (one) =>
    isPresent(one) ? 'true' : 'false',
  )
  const taken = new Set(present.map(({ name }) => name))
  const stale: StaleInteraction[] = []
  const sequences = new Map<string, { stored: Interaction; name: CassetteName }[]>()
  for (const stored of old) {
    const name = nameOrReason(stored, matchers, taken)
    if ('reason' in name) stale.push({ interaction: stored, ...name })
    else {
      const slot = JSON.stringify([name.name, stored.test])
      const sequence = sequences.get(slot) ?? []
      sequence.push({ stored, ...name })
      sequences.set(slot, sequence)
    }
  }
  const renamed = Array.from(sequences.values(), (sequence) =>
    inOrder(sequence).map(({ stored, name }, index) => {
      const { index: _index, ...rest } = stored
      const place = index === 0 ? {} : { index }
      return [stored, { ...rest, name, matchOn: matchers.fingerprint, ...place }] as const
    }),
  )
  return { renamed: new Map(renamed.flat()), stale }
}

function nameOrReason(
  { request, matchOn }: Interaction,
  matchers: MatcherSet,
  taken: ReadonlySet<CassetteName>,
): { name: CassetteName } | { reason: string } {
  const missing = [...matchers.headers].find(
    (header) => isVolatile(header) && headerValue(request.headers, header) === undefined,
  )
  if (missing !== undefined && matchOn !== matchers.fingerprint) {
    return { reason: `the request header ${missing}, which is matched on now, was not stored` }
  }
  try {
    const name = cassetteName(request, matchers)
    return taken.has(name)
      ? { reason: 'a recording that the present matchers named answers its request' }
      : { name }
  } catch (error) {
    if (error instanceof MatcherError) return { reason: error.message }
    throw error
  }
}

/**
 * By when they were recorded. Of requests in flight at once, which a sequence has in the order they
 * were made in, a later one may have been answered first: it counts as recorded with the one before.
 */
function inOrder<Entry extends { readonly stored: Interaction }>(
  sequence: readonly Entry[],
): Entry[] {
  const latest = new Map<CassetteName, number>()
  const times = new Map<Entry, number>()
  for (const entry of sequence) {
    const { name, recordedAt } = entry.stored
    const time = Math.max(Date.parse(recordedAt), latest.get(name) ?? -Infinity)
    latest.set(name, time)
    times.set(entry, time)
  }
  return sequence.toSorted((one, other) => times.get(one)! - times.get(other)!)
}
