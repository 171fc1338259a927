import type { JsonValue } from '../body.ts'
import { compare } from './sorted-pairs.ts'

type Parsed = string | number | boolean | null | ExactNumber | Parsed[] | { [key: string]: Parsed }

/** A number with more digits than a double holds. */
class ExactNumber {
  readonly digits: string
  constructor(digits: string) {
    this.digits = digits
  }
}

/**
 * A JSON text with its keys in order and its spacing gone: equal for equal values alone. Numbers
 * that a double cannot hold keep their digits, so that two long ids never melt into one.
 *
 * @returns `undefined` for a text that is not JSON
 */
export function canonicalJson(text: string): string | undefined {
  try {
    const parsed = JSON.parse(text, /\d{16}/.test(text) ? keepDigits : undefined) as Parsed
    return JSON.stringify(canonical(parsed))
  } catch {
    return undefined
  }
}

function keepDigits(_key: string, value: Parsed, context?: { source?: string }): Parsed {
  const source = context?.source
  const inexact = typeof value === 'number' && source !== undefined && String(value) !== source
  return inexact ? new ExactNumber(source) : value
}

// Arrays and objects are tagged, and objects become lists: no two different values can look alike,
// and no key is moved (numbers) or lost (`__proto__`).
function canonical(value: Parsed): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof ExactNumber) return ['number', value.digits]
  if (Array.isArray(value)) return ['array', ...value.map((item) => canonical(item))]
  const entries = Object.entries(value).toSorted(([one], [other]) => compare(one, other))
  return ['object', ...entries.flatMap(([key, child]) => [key, canonical(child)])]
}
