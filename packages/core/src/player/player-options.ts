import type { OptionType } from './check-options.ts'
import type { FileFormat } from '../model/encoder.ts'
import type { MatchOptions } from '../model/matcher-set.ts'
import type { RecordMode } from '../model/record-mode.ts'

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
  redact: 'boolean',
  matchOn: 'array',
  matchHeaders: 'array',
}
