import { basename } from 'node:path'
import {
  cassetteName,
  type CassetteName,
  hashInFileName,
  hashInName,
} from '../../model/cassette-name.ts'
import { MatcherError } from '../../model/errors/matcher-error.ts'
import type { Interaction } from '../../model/interaction.ts'
import type { MatcherSet } from '../../model/matcher-set.ts'
import { presentNames } from '../../model/present-names.ts'
import { compareInteractions } from '../../storage/interaction-order.ts'
import type { Finding, FixableFinding } from './finding.ts'
import type { FoundCassette, Recording } from './recording.ts'

/**
 * Finds the recordings of a cassette that the matchers in force do not find under their name.
 *
 * @param secrets found in it: what is to be redacted is named as it will be, since a sequence of which
 * a part is named anew falls apart
 * @returns with the findings of secrets; what is redacted and renamed at once has one finding
 */
export function checkCassette(
  cassette: FoundCassette,
  matchers: MatcherSet,
  secrets: readonly (Finding | FixableFinding)[],
): (Finding | FixableFinding)[] {
  const shown = new Map(secrets.map((secret) => [secret.recording, secret.shown]))
  const redacted = new Map(
    secrets.flatMap((secret) => ('present' in secret ? [[secret.recording, secret.present]] : [])),
  )
  const after = (recording: Recording) => redacted.get(recording) ?? recording.interaction
  const recordings = cassette.recordings.toSorted((one, other) =>
    compareInteractions(one.interaction, other.interaction),
  )
  const before = new Map(recordings.map((recording) => [after(recording), recording.interaction]))
  const names = presentNames([...before.keys()], matchers, (interaction) =>
    hasPresentName(before.get(interaction)!, matchers),
  )
  const reasons = new Map(names.stale.map(({ interaction, reason }) => [interaction, reason]))
  const found = recordings.flatMap((recording): (Finding | FixableFinding)[] => {
    const { file, interaction } = recording
    const { name } = interaction
    const toTell = shown.get(recording)
    const about = { file, name, recording, ...(toTell === undefined ? {} : { shown: toTell }) }
    const reason = reasons.get(after(recording))
    if (reason !== undefined) return [{ ...about, kind: 'stale', problem: reason }]
    const present = names.renamed.get(after(recording))
    if (present !== undefined) {
      const problem = difference(name, toTell === undefined ? present.name : undefined)
      return [{ ...about, kind: 'name', problem, present }]
    }
    if (cassette.kind === 'file' || hasFittingFileName(recording)) return []
    const problem = 'the hash in the file name is that of another recording'
    return [{ ...about, kind: 'file-name', problem, present: after(recording) }]
  })
  const renamed = new Map(
    found.flatMap((finding) =>
      'present' in finding ? [[finding.recording, finding.present]] : [],
    ),
  )
  return [
    ...secrets.map((secret) =>
      'present' in secret
        ? { ...secret, present: renamed.get(secret.recording) ?? secret.present }
        : secret,
    ),
    ...found.filter((finding) => !('present' in finding && redacted.has(finding.recording))),
  ]
}

function hasPresentName(interaction: Interaction, matchers: MatcherSet): boolean {
  if (interaction.matchOn !== matchers.fingerprint) return false
  try {
    return cassetteName(interaction.request, matchers) === interaction.name
  } catch (error) {
    if (error instanceof MatcherError) return false
    throw error
  }
}

// A name without a hash was chosen by a person; it is found by what is in the file.
function hasFittingFileName({ file, interaction }: Recording): boolean {
  const hash = hashInFileName(basename(file).toLowerCase())
  return hash === undefined || hash === hashInName(interaction.name)
}

/** @param present absent where it must not be told */
function difference(stored: CassetteName, present: CassetteName | undefined): string {
  if (stored === present) return 'other matchers gave it the same name'
  return `the matchers in force name its request ${present ?? 'otherwise'}`
}
