import type { OptionType } from './check-options.ts'
import type { FileFormat } from '../model/encoder.ts'
import type { MatchOptions } from '../model/matcher-set.ts'
import type { RecordMode } from '../model/record-mode.ts'
import type { Timing } from './timing.ts'

/** How a cassette is kept and played. */
export interface PlayerOptions extends MatchOptions {
  /**
   * When the network may be used. `CASSETTE_MODE` in the environment overrides it.
   *
   * @default 'new_episodes', in CI 'none'
   */
  readonly recordMode?: RecordMode
  /**
   * The format of new files.
   *
   * @default by the path's extension; 'json' in a directory
   */
  readonly fileFormat?: FileFormat
  /**
   * Whether a recording answers every time. With `false` each answers once, in recorded order, so
   * that polling records and replays a sequence.
   *
   * @default true
   */
  readonly allowPlaybackRepeats?: boolean
  /**
   * How fast a recorded stream is replayed: at once, chunk by chunk; with the pauses it was recorded
   * with; or, a number, so many times as fast.
   *
   * @default 'instant'
   */
  readonly timing?: Timing
  /**
   * Whether a request that failed in the network is recorded too, and fails the same way on replay:
   * a refused or reset connection, an unknown host, a certificate that is not trusted; also a request
   * that its client gave up before an answer came, which stays unanswered then.
   *
   * @default false
   */
  readonly recordErrors?: boolean
  /**
   * Whether credentials are replaced by `[REDACTED]` before anything is stored.
   *
   * @default true
   */
  readonly redact?: boolean
}

/** What each option must be; matchers and formats check their own more closely. */
export const playerOptionTypes: Readonly<Record<keyof PlayerOptions, OptionType>> = {
  recordMode: 'string',
  fileFormat: 'string',
  allowPlaybackRepeats: 'boolean',
  timing: 'checked elsewhere',
  recordErrors: 'boolean',
  redact: 'boolean',
  matchOn: 'array',
  matchHeaders: 'array',
}
