import { OptionError } from '../model/errors/option-error.ts'

/** A type that `checkOptions` can check. */
export type OptionType =
  | 'string'
  | 'boolean'
  | 'boolean or rules'
  | 'array'
  | 'function'
  | 'checked elsewhere'

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
  if (typeof options !== 'object' || options === null || !bags.has(tagOf(options))) {
    throw new OptionError(source, options, 'an object')
  }
  for (const [name, value] of Object.entries(options)) {
    const [, type] = Object.entries<OptionType>(types).find(([valid]) => valid === name) ?? []
    if (type === undefined) {
      throw new OptionError(`option in ${source}`, name, `one of ${Object.keys(types).join(', ')}`)
    }
    if (type === 'checked elsewhere' || type === 'boolean or rules') continue
    const isRight = type === 'array' ? Array.isArray(value) : typeof value === type
    if (value !== undefined && !isRight)
      throw new OptionError(
        `${name} in ${source}`,
        value,
        type === 'array' ? 'an array' : `a ${type}`,
      )
  }
}

// Options in a promise or a map would count for nothing. A test's realm has an `Object` of its own.
const bags: ReadonlySet<string> = new Set(['[object Object]', '[object Module]'])

function tagOf(value: object): string {
  return Object.prototype.toString.call(value)
}
