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

/** Finds the recordings of a cassette that the matchers in force do not find under their name. */
export function checkCassette(
  cassette: FoundCassette,
  matchers: MatcherSet,
): (Finding | FixableFinding)[] {
  const recordings = cassette.recordings.toSorted((one, other) =>
    compareInteractions(one.interaction, other.interaction),
  )
  const names = presentNames(
    recordings.map(({ interaction }) => interaction),
    matchers,
    (interaction) => hasPresentName(interaction, matchers),
  )
  const reasons = new Map(names.stale.map(({ interaction, reason }) => [interaction, reason]))
  return recordings.flatMap((recording): (Finding | FixableFinding)[] => {
    const { file, interaction } = recording
    const { name } = interaction
    const reason = reasons.get(interaction)
    if (reason !== undefined) return [{ file, name, kind: 'stale', problem: reason }]
    const present = names.renamed.get(interaction)
    if (present !== undefined) {
      const problem = difference(name, present.name)
      return [{ file, name, kind: 'name', problem, recording, present }]
    }
    if (cassette.kind === 'file' || hasFittingFileName(recording)) return []
    const problem = 'the hash in the file name is that of another recording'
    return [{ file, name, kind: 'file-name', problem, recording, present: interaction }]
  })
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

function difference(stored: CassetteName, present: CassetteName): string {
  return stored === present
    ? 'other matchers gave it the same name'
    : `the matchers in force name its request ${present}`
}
