import type { JsonValue } from '../../model/body.ts'

// Compared lower-cased and without `-` and `_`.
const generatedNames = new Set(
  (
    'nonce timestamp ts now xalgoliaagent requestid clientrequestid traceid spanid correlationid ' +
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

/** A key of an object, or the number of an item in an array. */
type Step = string | number

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
  const found: (readonly Step[])[] = []
  if (!collect(stored, actual, [], found)) return undefined
  const alike = Map.groupBy(found, (steps) => pointer(steps, '*'))
  return Array.from(alike, ([any, each]) => (each.length > 1 ? any : pointer(each[0]!)))
}

/** @returns whether all differences look generated */
function collect(
  one: JsonValue,
  other: JsonValue,
  steps: readonly Step[],
  found: (readonly Step[])[],
): boolean {
  if (one === other) return true
  const ours = childrenOf(one)
  const theirs = childrenOf(other)
  if (ours === undefined || theirs === undefined) {
    const name = steps.findLast((step) => typeof step === 'string')
    found.push(steps)
    return name !== undefined && areGenerated(name, one, other)
  }
  if (Array.isArray(one) !== Array.isArray(other) || ours.size !== theirs.size) return false
  return [...ours].every(([step, child]) => {
    const counterpart = theirs.get(step)
    return counterpart !== undefined && collect(child, counterpart, [...steps, step], found)
  })
}

function childrenOf(value: JsonValue): ReadonlyMap<Step, JsonValue> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return new Map<Step, JsonValue>(Array.isArray(value) ? value.entries() : Object.entries(value))
}

/** @param item stands in the place of every item's number */
function pointer(steps: readonly Step[], item?: string): string {
  const shown = steps.map((step) => (typeof step === 'number' ? (item ?? step) : escaped(step)))
  return `/${shown.join('/')}`
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
