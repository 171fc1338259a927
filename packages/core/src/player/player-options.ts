import type { OptionType } from './check-options.ts'
import type { FileFormat } from '../model/encoder.ts'
import type { MatchOptions } from '../model/matcher-set.ts'
import type { RedactOption } from '../model/redaction/redact-option.ts'
import type { RecordMode } from '../model/record-mode.ts'
import type { OnSecret } from './scan/on-secret.ts'
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
  readonly recordMode?: RecordMode | undefined
  /**
   * The format of new files. Given, it wins over the extension of the path; where it comes from the
   * environment or the configuration of a runner, for all cassettes, the extension wins.
   *
   * @default by the path's extension; 'json' in a directory
   */
  readonly fileFormat?: FileFormat | undefined
  /**
   * Whether a recording answers every time. With `false` each answers once, in recorded order, so
   * that polling records and replays a sequence.
   *
   * @default true
   */
  readonly allowPlaybackRepeats?: boolean | undefined
  /**
   * How fast a recorded stream is replayed: at once, chunk by chunk; with the pauses it was recorded
   * with; or, a number, so many times as fast.
   *
   * @default 'instant'
   */
  readonly timing?: Timing | undefined
  /**
   * Whether a request that failed in the network is recorded too, and fails the same way on replay:
   * a refused or reset connection, an unknown host, a certificate that is not trusted; also a request
   * that its client gave up before an answer came, which stays unanswered then.
   *
   * @default false
   */
  readonly recordErrors?: boolean | undefined
  /**
   * Whether, and by which rules, credentials are replaced by `[REDACTED]` before anything is named,
   * stored, logged or told: `{ headers: ['x-member'], fields: { only: ['password'] } }`.
   * docs/security.md lists the rules.
   *
   * @default true
   */
  readonly redact?: RedactOption | undefined
  /**
   * What happens where a recording that is about to be written looks as if it held a secret, after
   * redaction: `'error'` leaves it unwritten and fails the test, `'warn'` writes it and warns, `'off'`
   * does not look.
   *
   * @default 'error'
   */
  readonly onSecret?: OnSecret | undefined
  /**
   * Whether what a failed run recorded is kept. With `false` nothing stays of a `play` whose function
   * threw, nor of a failed test; what was recorded outside of every test goes with its test file.
   *
   * @default true
   */
  readonly recordOnFailure?: boolean | undefined
  /**
   * Whether nothing at all may go to the network: nothing is recorded, and requests that would pass
   * by `ignoreHosts`, `ignoreLocalhost` or `ignore` fail. Servers of the test's own process are none
   * of the network.
   *
   * @default false
   */
  readonly blockNetwork?: boolean | undefined
}

/** What each option must be; matchers and formats check their own more closely. */
export const playerOptionTypes: Readonly<Record<keyof PlayerOptions, OptionType>> = {
  recordMode: 'string',
  fileFormat: 'string',
  allowPlaybackRepeats: 'boolean',
  timing: 'checked elsewhere',
  recordErrors: 'boolean',
  redact: 'boolean or rules',
  onSecret: 'string',
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
