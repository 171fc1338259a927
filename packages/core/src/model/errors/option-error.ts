import { inspect } from 'node:util'

/** An option, an environment variable or a comment that cannot be what it is. */
export class OptionError extends Error {
  override readonly name = 'OptionError' as const
  readonly code = 'ERR_CASSETTE_OPTION'

  /**
   * @param option the option's name as the user wrote it
   * @param value what was given
   * @param expected what would be valid, to complete "Use …"
   */
  constructor(option: string, value: unknown, expected: string) {
    super(`Invalid ${option}: ${inspect(value, { depth: 1 })}. Use ${expected}.`)
  }
}
