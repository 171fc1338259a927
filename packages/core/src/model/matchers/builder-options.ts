import { OptionError } from '../errors/option-error.ts'

/** What a builder of matchers takes. */
export interface IgnoreOptions {
  readonly ignore?: readonly string[]
}

/**
 * The texts that a builder was told to ignore, each once and sorted: their order means nothing.
 *
 * @param builder its name, for messages
 * @param expected what each text must be, to complete "Use …"
 * @throws OptionError
 */
export function ignoredTexts(
  builder: string,
  options: IgnoreOptions,
  expected: string,
): readonly string[] {
  const given: unknown = options
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new OptionError(`${builder}()`, given, 'an object { ignore }')
  }
  const unknown = Object.keys(given).find((name) => name !== 'ignore')
  if (unknown !== undefined) throw new OptionError(`option of ${builder}()`, unknown, 'ignore')
  return sortedTexts(`ignore of ${builder}()`, options.ignore ?? [], expected)
}

/**
 * A list of texts, each once and sorted.
 *
 * @param option the option's name, for messages
 * @throws OptionError for anything else than a list of texts
 */
export function sortedTexts(option: string, given: unknown, expected: string): readonly string[] {
  if (Array.isArray(given) && given.every((text) => typeof text === 'string')) {
    return [...new Set(given)].toSorted()
  }
  throw new OptionError(option, given, expected)
}
