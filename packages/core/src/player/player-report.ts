import type { CassetteLibrary } from '../model/cassette-library.ts'
import type { Interaction } from '../model/interaction.ts'
import type { PlayLog } from './play-log.ts'
import { realDate } from '../model/real-timers.ts'

/** What became of a cassette's interactions while a player had it inserted. */
export interface PlayerReport {
  /** Where each is kept: file names of a directory cassette, CassetteNames of a file cassette; sorted. */
  readonly recorded: readonly string[]
  readonly replayed: readonly string[]
  /** Stored, and neither recorded nor replayed. */
  readonly unused: readonly string[]
  /** The requests that had no answer, each once: its method and its redacted URL. */
  readonly unhandled: readonly string[]
}

/** @param recorded since the player was made */
export function playerReport(
  library: CassetteLibrary,
  { failures, replayed }: PlayLog,
  recorded: ReadonlySet<Interaction>,
): PlayerReport {
  const used = new Set([...recorded, ...replayed])
  const places = (interactions: Iterable<Interaction>): string[] =>
    Array.from(interactions, (interaction) => library.locate(interaction)).toSorted()
  return {
    recorded: places(recorded),
    replayed: places(replayed),
    unused: places(library.interactions().filter((interaction) => !used.has(interaction))),
    unhandled: failures.unhandled(),
  }
}

/**
 * Tells whether an interaction was recorded or replayed.
 *
 * @param recorded since the player was made
 */
export function isUsed(
  log: PlayLog,
  recorded: ReadonlySet<Interaction>,
): (interaction: Interaction) => boolean {
  return (interaction) => recorded.has(interaction) || log.playCount(interaction) > 0
}

/** When the first of some interactions was recorded. */
export function earliest(interactions: readonly Interaction[]): Date | undefined {
  const times = interactions.map(({ recordedAt }) => realDate(recordedAt))
  return times.toSorted((one, other) => one.getTime() - other.getTime()).at(0)
}
