import { OptionError } from '../../model/errors/option-error.ts'

/** What a recording that looks as if it held a secret does: fail the test, warn, or nothing. */
export type OnSecret = 'error' | 'warn' | 'off'

const reactions: readonly OnSecret[] = ['error', 'warn', 'off']

/**
 * The option `onSecret`.
 *
 * @throws OptionError that lists the valid values
 */
export function onSecretOption(given: OnSecret = 'error', source = 'the options'): OnSecret {
  if (reactions.includes(given)) return given
  throw new OptionError(`onSecret in ${source}`, given, `one of ${reactions.join(', ')}`)
}
