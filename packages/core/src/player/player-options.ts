import type { OptionType } from './check-options.ts'
import type { FileFormat } from '../model/encoder.ts'
import type { MatchOptions } from '../model/matcher-set.ts'
import type { RecordMode } from '../model/record-mode.ts'
import type { ExpiryOptions } from './expiry.ts'
import type { HookOptions } from './hooks.ts'
import type { IgnoreOptions } from './ignored-requests.ts'
import type { Timing } from './timing.ts'

/**
 * How a cassette is kept and played. Each option but functions is also a variable of the environment,
 * which overrides it: `CASSETTE_MODE` for `recordMode`, `CASSETTE_MAX_AGE` for `maxAge`.
 */
export interface PlayerOptions extends MatchOptions, IgnoreOptions, ExpiryOptions, HookOptions {
  /**
   * When the network may be used.
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
  /**
   * Whether what a failed run recorded is kept. With `false` nothing stays of a `play` whose function
   * threw, nor of a failed test; what was recorded outside of every test goes with its test file.
   *
   * @default true
   */
  readonly recordOnFailure?: boolean
  /**
   * Whether nothing at all may go to the network: nothing is recorded, and requests that would pass
   * by `ignoreHosts`, `ignoreLocalhost` or `ignore` fail. Servers of the test's own process are none
   * of the network.
   *
   * @default false
   */
  readonly blockNetwork?: boolean
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
  ignoreHosts: 'array',
  ignoreLocalhost: 'boolean',
  ignore: 'function',
  blockNetwork: 'boolean',
  recordOnFailure: 'boolean',
  maxAge: 'string',
  onExpired: 'string',
  beforeRecord: 'function',
  beforePlayback: 'function',
}
