import type { JsonValue } from '../../model/body.ts'

// Compared lower-cased and without `-` and `_`.
const generatedNames = new Set(
  (
    'nonce timestamp ts now requestid clientrequestid traceid spanid correlationid ' +
    'idempotencykey invocationid sentat createdat updatedat startedat issuedat expiresat iat exp ' +
    'nbf jti cachebuster cb _'
  ).split(' '),
)

const generatedTexts = [
  // UUID (RFC 9562)
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  // ISO 8601 with a time
  /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/,
  // The dates of HTTP (RFC 9110 5.6.7)
  /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/,
  // Seconds, milliseconds or microseconds since 1970, of the years 2001 to 2286
  /^[1-9]\d{9}(\.\d+)?$|^[1-9]\d{12}$|^[1-9]\d{15}$/,
  // ULID
  /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/,
  // Random text with a prefix or without: `req_8fK2...`, a hash
  /^(?:[a-z]+[_-])?(?=[^\d]*\d)(?=\d*[a-z])[a-z\d]{16,}$/i,
]

/** Whether two values of one field differ only because something made each anew. */
export function areGenerated(name: string, one: unknown, other: unknown): boolean {
  const values = [one, other]
  if (typeof one !== typeof other) return false
  if (!values.every((value) => typeof value === 'string' || typeof value === 'number')) return false
  const plain = name.toLowerCase().replaceAll(/[-_](?=.)/g, '')
  if (generatedNames.has(plain)) return true
  return generatedTexts.some((form) => values.every((value) => form.test(String(value))))
}

/**
 * JSON Pointers (RFC 6901) of the fields by which two values differ, with `*` where several items
 * of an array do so alike.
 *
 * @returns `undefined` where they differ in a field that looks like data
 */
export function generatedPointers(
  stored: JsonValue,
  actual: JsonValue,
): readonly string[] | undefined {
  const found: (readonly string[])[] = []
  if (!collect(stored, actual, [], found)) return undefined
  const pointers = found.map((steps) => `/${steps.map(escaped).join('/')}`)
  const alike = Map.groupBy(pointers, anyItem)
  const joined = [...alike].map(([any, each]) => (each.length > 1 ? any : each[0]!))
  return joined.map((pointer) => pointer.replaceAll(itemMark, ''))
}

// Stands before the number of an item, to tell it from a key that is a number. No key holds it:
// a lone surrogate is no text.
const itemMark = '\ud800'

function anyItem(pointer: string): string {
  return pointer.replaceAll(new RegExp(`${itemMark}\\d+`, 'g'), '*')
}

/** @returns whether all differences look generated */
function collect(
  one: JsonValue,
  other: JsonValue,
  steps: readonly string[],
  found: (readonly string[])[],
): boolean {
  if (Object.is(one, other)) return true
  if (isContainer(one) && isContainer(other)) {
    const isList = Array.isArray(one)
    const keys = Object.keys(one)
    if (isList !== Array.isArray(other) || keys.length !== Object.keys(other).length) return false
    const theirs = new Map<string, JsonValue>(Object.entries(other))
    return Object.entries(one).every(([key, child]: [string, JsonValue]) => {
      const counterpart = theirs.get(key)
      const step = isList ? itemMark + key : key
      return counterpart !== undefined && collect(child, counterpart, [...steps, step], found)
    })
  }
  const name = steps.findLast((step) => !step.startsWith(itemMark)) ?? ''
  if (steps.length === 0 || !areGenerated(name, one, other)) return false
  found.push(steps)
  return true
}

function isContainer(
  value: JsonValue,
): value is Exclude<JsonValue, string | number | boolean | null> {
  return typeof value === 'object' && value !== null
}

function escaped(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1')
}
