import { UnhandledRequestError } from '../model/errors/unhandled-request-error.ts'
import type { Interaction } from '../model/interaction.ts'
import type { RedactionRules } from '../model/redaction/redaction-rules.ts'
import type { PlayLog } from './play-log.ts'

/** How much a player did since it was made. */
export interface PlayerCounts {
  /** How many interactions were recorded. */
  readonly recorded: number
  /** How many of them with their secrets, since `redact` is false. */
  readonly unredacted: number
  /** How many interactions answered. */
  readonly replayed: number
  /** How many interactions were asked for that are older than `maxAge`. */
  readonly expired: number
  /** How many requests had no answer; what says the same within a test counts once. */
  readonly misses: number
}

/**
 * @param recorded since the player was made
 * @param redaction rules by which secrets were taken out of it
 */
export function playerCounts(
  { expired, failures, replayed }: PlayLog,
  recorded: ReadonlySet<Interaction>,
  redaction: RedactionRules | undefined,
): PlayerCounts {
  const misses = failures.all.filter((failure) => failure instanceof UnhandledRequestError)
  return {
    recorded: recorded.size,
    unredacted: redaction === undefined ? recorded.size : 0,
    replayed: replayed.length,
    expired: expired.size,
    misses: misses.length,
  }
}
