import { OptionError } from '../model/errors/option-error.ts'
import type { Interaction } from '../model/interaction.ts'
import { formatDuration, parseDuration } from './duration.ts'
import type { RecordModeInForce } from './record-mode-in-force.ts'
import { realDate, realNow } from '../model/real-timers.ts'

/** What happens to a recording that is older than `maxAge`. */
export type OnExpired = 'warn' | 'fail' | 'record'

/** How long recordings are good for. */
export interface ExpiryOptions {
  /**
   * How old a recording may get: `'12h'`, `'30d'`, `'8w'`, `'1y'`.
   *
   * @default for ever
   */
  readonly maxAge?: string | undefined
  /**
   * What happens when an older one is asked for: a warning, once for each cassette; a failure of the
   * request; or a new recording, also in the mode `once`. Nothing is recorded in `none` and in CI: there
   * `record` warns.
   *
   * @default 'warn'
   */
  readonly onExpired?: OnExpired | undefined
}

const reactions: readonly OnExpired[] = ['warn', 'fail', 'record']

/** Tells which recordings are too old, and what is to be done with them. */
export class Expiry {
  readonly reaction: OnExpired
  readonly #maxAge: number
  readonly #given: string

  /** @throws OptionError for an unknown reaction or what is no duration */
  constructor({ maxAge, onExpired = 'warn' }: ExpiryOptions, { mode, isCi }: RecordModeInForce) {
    const found = reactions.find((reaction) => reaction === onExpired)
    if (found === undefined) {
      throw new OptionError('onExpired', onExpired, `one of ${reactions.join(', ')}`)
    }
    this.reaction = found === 'record' && (isCi || mode === 'none') ? 'warn' : found
    this.#given = maxAge ?? ''
    this.#maxAge = maxAge === undefined ? Infinity : parseDuration(maxAge, 'maxAge')
  }

  isExpired({ recordedAt }: Interaction): boolean {
    return this.#maxAge !== Infinity && age(recordedAt) > this.#maxAge
  }

  /**
   * Those that have to be recorded anew before anything answers. A sequence is recorded as a whole,
   * and so it expires with its oldest.
   *
   * @param stored of one name
   */
  outdated(stored: readonly Interaction[]): readonly Interaction[] {
    if (this.reaction !== 'record') return []
    const tests = new Set(stored.filter((one) => this.isExpired(one)).map(({ test }) => test))
    return stored.filter(({ test }) => tests.has(test))
  }

  /**
   * Says how old a recording is and how to renew it.
   *
   * @param place of the recording
   */
  message({ request, recordedAt }: Interaction, place: string): string {
    return (
      `The recording of ${request.method} ${request.url} in ${place} is ` +
      `${formatDuration(age(recordedAt))} old, and maxAge is ${this.#given}. ` +
      'Record it again: CASSETTE_MODE=all.'
    )
  }
}

function age(recordedAt: string): number {
  return realNow() - realDate(recordedAt).getTime()
}
