import { types } from 'node:util'
import { OptionError } from '../errors/option-error.ts'
import type { RecordedRequest, RecordedResponse } from '../interaction.ts'
import type { NameList } from './secret-names.ts'
import type { PatternList } from './secret-patterns.ts'
import type { VariableList } from './secret-values.ts'
import { withoutScalars } from './without-scalars.ts'

/**
 * What counts as a secret beside what Cassette knows; `{ only: [...] }` in the place of it. Of names
 * `{ except: [...] }` takes out those that an API uses for what is no secret.
 */
export interface RedactionOptions {
  /** Names of headers. Case, `-`, `_` and `.` do not count, here and below. */
  readonly headers?: NameList
  /** Names of parameters of a query, or of a fragment like one. */
  readonly query?: NameList
  /** Names of fields of JSON, forms, multipart forms, XML and plain text. */
  readonly fields?: NameList
  /**
   * Shapes of secrets, looked for in every text: a URL behind its host, headers, bodies. A string is
   * the source of a regular expression, for configurations that are JSON. With a group
   * `(?<secret>...)` only that group is hidden.
   */
  readonly patterns?: PatternList
  /**
   * Secrets themselves, looked for as those of `env` are. Each has its placeholder by its place in
   * the list (`[REDACTED:value1]`), so that the list may hold another value on another machine.
   */
  readonly values?: readonly (string | undefined)[]
  /**
   * Names of environment variables, `*` for any text, whose values are looked for in every text, in
   * clear, URL-encoded, JSON-escaped and in base64. Values shorter than 8 characters and words are not.
   */
  readonly env?: VariableList
}

/** A request, or a request with its response, as far as redaction has come. */
export interface RedactableExchange {
  readonly request: RecordedRequest
  /** Absent while the request is named: that is before it is sent. */
  readonly response?: RecordedResponse
}

/**
 * Hides more than the built-in rules do, after them. It is asked twice: for the request alone, which
 * is named by what it returns; and with the response, when only the response of what it returns
 * counts. The same request must always give the same.
 */
export type RedactFunction = (exchange: RedactableExchange) => RedactableExchange

/** The option `redact`. */
export type RedactOption = boolean | RedactionOptions | RedactFunction

const keys = ['headers', 'query', 'fields', 'patterns', 'values', 'env'] as const

/**
 * Checks the option as a user gave it.
 *
 * @param source where it stands, for messages
 * @throws OptionError for a wrong type, an unknown rule or a pattern that is none
 */
export function checkRedactOption(given: unknown, source = 'the options'): void {
  if (given === undefined || typeof given === 'boolean' || typeof given === 'function') return
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    const expected = `a boolean, a function, or an object with ${keys.join(', ')}`
    throw new OptionError(`redact in ${source}`, withoutScalars(given), expected)
  }
  for (const [key, value] of Object.entries(given)) {
    const name = `redact.${key} in ${source}`
    if (key === 'patterns') checkPatterns(name, value)
    else if (key === 'values') checkValues(name, value)
    else if (keys.some((known) => known === key)) checkNames(name, value)
    else throw new OptionError(`rule in redact in ${source}`, key, `one of ${keys.join(', ')}`)
  }
}

function checkNames(name: string, value: unknown): void {
  const list = listIn(value) ?? listIn(value, 'except')
  if (value === undefined || list?.every(isName) === true) return
  throw new OptionError(
    name,
    value,
    "a list of names, { only: ['name'] } to replace the defaults, or { except: ['name'] }",
  )
}

function checkPatterns(name: string, value: unknown): void {
  if (value === undefined || listIn(value)?.every(isPattern) === true) return
  const expected = 'a list of regular expressions that match more than nothing, or { only: [...] }'
  throw new OptionError(name, value, expected)
}

function checkValues(name: string, value: unknown): void {
  if (value === undefined || (Array.isArray(value) && value.every(isValue))) return
  throw new OptionError(name, withoutScalars(value), 'a list of strings')
}

function isName(item: unknown): boolean {
  return typeof item === 'string' && item !== ''
}

// One that comes from a variable may be absent.
function isValue(item: unknown): boolean {
  return item === undefined || typeof item === 'string'
}

function listIn(value: unknown, key = 'only'): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1)
    return undefined
  const [[name, list] = []] = Object.entries(value)
  return name === key && Array.isArray(list) ? list : undefined
}

function isPattern(item: unknown): boolean {
  // Not `instanceof`: in a Jest sandbox every regular expression is of another realm.
  if (typeof item !== 'string' && !types.isRegExp(item)) return false
  try {
    return !new RegExp(item).test('')
  } catch {
    return false
  }
}
