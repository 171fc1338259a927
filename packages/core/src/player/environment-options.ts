import { OptionError } from '../model/errors/option-error.ts'
import type { Environment } from '../model/redaction/secret-values.ts'
import { warnOnce } from '../warn-once.ts'
import type { OptionType } from './check-options.ts'

const prefix = 'CASSETTE_'
// The rule would give CASSETTE_RECORD_MODE, CASSETTE_CASSETTE_DIR and so on.
const shorter: ReadonlyMap<string, string> = new Map([
  ['recordMode', 'CASSETTE_MODE'],
  ['cassetteDir', 'CASSETTE_DIR'],
  ['cassettePer', 'CASSETTE_PER'],
])

/**
 * The environment variable of an option: `CASSETTE_MAX_AGE` for `maxAge`.
 *
 * @returns `undefined` for an option that is a function: that exists in code alone
 */
export function variableOf(option: string, type: OptionType): string | undefined {
  return type === 'function' ? undefined : (shorter.get(option) ?? regularName(option))
}

/**
 * The options that `CASSETTE_*` variables set; an empty variable sets nothing. Lists are separated by
 * commas. Warns, once, of a variable that looks like one of these misspelt.
 *
 * @param types the options there are
 * @throws OptionError for a boolean that is none of true, false, 1 and 0
 */
export function environmentOptions(
  types: Readonly<Record<string, OptionType>>,
  env: Environment = process.env,
): Readonly<Record<string, unknown>> {
  if (!namesIn(env).some((name) => name.startsWith(prefix))) return {}
  warnOfMisspelt(types, env)
  const given = Object.entries(types).flatMap(([option, type]) => {
    const variable = variableOf(option, type)
    const text = variable === undefined ? undefined : env[variable]?.trim()
    if (variable === undefined || text === undefined || text === '') return []
    return [[option, valueOf(text, type, variable)] as const]
  })
  return Object.fromEntries(given)
}

// Not `Object.keys`, which asks the system once more for each variable.
function namesIn(env: Environment): string[] {
  return Reflect.ownKeys(env).filter((name) => typeof name === 'string')
}

function regularName(option: string): string {
  return prefix + option.replaceAll(/[A-Z]/g, '_$&').toUpperCase()
}

function valueOf(text: string, type: OptionType, variable: string): unknown {
  if (type === 'array') {
    const parts = text.split(',').map((part) => part.trim())
    return parts.filter((part) => part !== '')
  }
  if (type === 'checked elsewhere') return primitive(text)
  if (type !== 'boolean' && type !== 'boolean or rules') return text
  if (['true', '1'].includes(text)) return true
  if (['false', '0'].includes(text)) return false
  throw new OptionError(variable, text, 'one of true, false, 1, 0')
}

function primitive(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  return Number.isNaN(Number(text)) ? text : Number(text)
}

function warnOfMisspelt(types: Readonly<Record<string, OptionType>>, env: Environment): void {
  const options = Object.entries(types)
  const valid = options.flatMap(([option, type]) => variableOf(option, type) ?? [])
  const known = [...valid, ...options.map(([option]) => regularName(option))]
  for (const name of namesIn(env)) {
    if (!name.startsWith(prefix) || valid.includes(name)) continue
    if (!known.some((other) => looksLike(name, other))) continue
    warnOnce(
      `The environment variable ${name} sets no option. Those that do: ${valid.join(', ')}. ` +
        'Functions and regular expressions are set in code alone.',
    )
  }
}

/** Whether two names differ by a slip: in one place, by up to two characters. */
function looksLike(one: string, other: string): boolean {
  const isEqualAt = (at: number) => one.at(at) === other.at(at)
  const shorterLength = Math.min(one.length, other.length)
  let head = 0
  while (head < shorterLength && isEqualAt(head)) head += 1
  let tail = 0
  while (tail < shorterLength - head && isEqualAt(-1 - tail)) tail += 1
  return Math.max(one.length, other.length) - head - tail <= 2
}
