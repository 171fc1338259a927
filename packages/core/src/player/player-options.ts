import type { FileFormat } from '../model/encoder.ts'
import { OptionError } from '../model/errors/option-error.ts'
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

/** A type that `checkOptions` can check. */
export type OptionType = 'string' | 'boolean' | 'array'

/**
 * Checks a bag of options from a user.
 *
 * @param types every valid option and its type
 * @param source where they stand, for messages
 * @throws OptionError that lists the valid options, or tells the type
 */
export function checkOptions<Options extends object>(
  options: unknown,
  types: Readonly<Record<keyof Options & string, OptionType>>,
  source = 'the options',
): asserts options is Options {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new OptionError(source, options, 'an object')
  }
  for (const [name, value] of Object.entries(options)) {
    const [, type] = Object.entries<OptionType>(types).find(([valid]) => valid === name) ?? []
    if (type === undefined) {
      throw new OptionError(`option in ${source}`, name, `one of ${Object.keys(types).join(', ')}`)
    }
    const isRight = type === 'array' ? Array.isArray(value) : typeof value === type
    if (value !== undefined && !isRight)
      throw new OptionError(
        `${name} in ${source}`,
        value,
        type === 'array' ? 'an array' : `a ${type}`,
      )
  }
}
