import { OptionError } from '../model/errors/option-error.ts'
import type { OptionType } from '../player/check-options.ts'

/**
 * The options that the environment sets: `CASSETTE_` and the option's name in capitals, such as
 * `CASSETTE_DIR` for `cassetteDir` and `CASSETTE_FAIL_ON_MISS=false` for `failOnMiss`. Lists are
 * separated by commas. The mode, `CASSETTE_MODE`, is not among them: a player reads it itself.
 *
 * @param types every option and its type
 * @throws OptionError for a value of another type
 */
export function environmentOptions(
  types: Readonly<Record<string, OptionType>>,
  env: NodeJS.ProcessEnv = process.env,
): Record<string, unknown> {
  const found = Object.entries(types).flatMap(([option, type]) => {
    const variable = variableOf(option)
    const text = env[variable]
    if (option === 'recordMode' || text === undefined || text === '') return []
    return [[option, parse(text, type, variable)]]
  })
  return Object.fromEntries(found)
}

function variableOf(option: string): string {
  const words = option.replace(/^cassette/, '').replaceAll(/(?!^)[A-Z]/g, (letter) => `_${letter}`)
  return `CASSETTE_${words.toUpperCase()}`
}

function parse(text: string, type: OptionType, variable: string): unknown {
  if (type === 'string') return text
  if (type === 'checked elsewhere') return text.trim() === '' || Number.isNaN(+text) ? text : +text
  if (type === 'array') return text.split(',').map((part) => part.trim())
  if (['true', '1'].includes(text)) return true
  if (['false', '0'].includes(text)) return false
  throw new OptionError(variable, text, 'true or false')
}
