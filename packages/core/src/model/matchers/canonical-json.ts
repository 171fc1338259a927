import type { JsonValue } from '../body.ts'
import { pointersBelow } from './json-pointer.ts'
import { compare } from './sorted-pairs.ts'

/** A JSON value whose numbers are exact. */
export type ExactJson =
  | string
  | number
  | boolean
  | null
  | ExactNumber
  | ExactJson[]
  | { [key: string]: ExactJson }

/** A number with more digits than a double holds, or out of its range. */
class ExactNumber {
  readonly digits: string
  constructor(digits: string) {
    this.digits = digits
  }
}

type Pointers = readonly (readonly string[])[]

// A number outside these is always exact in a double: at most 15 digits and no exponent.
const mayBeInexact = /\d[.\d]{15}|\d[eE]/

/**
 * A JSON text with its keys in order and its spacing gone: equal for equal values alone. Numbers
 * that a double cannot hold keep their digits, so that two long ids never melt into one. Of a key
 * that an object has twice the last counts, as `JSON.parse` has it.
 *
 * @param ignored places that count for nothing, as parsed JSON Pointers
 * @returns `undefined` for a text that is not JSON
 */
export function canonicalJson(text: string, ignored: Pointers = []): string | undefined {
  try {
    return canonicalText(parseExact(text), ignored)
  } catch {
    return undefined
  }
}

/** @throws SyntaxError for a text that is not JSON */
export function parseExact(text: string): ExactJson {
  const value: ExactJson = JSON.parse(text, mayBeInexact.test(text) ? keepDigits : undefined)
  return value
}

/** What `canonicalJson` gives for a value. */
export function canonicalText(value: ExactJson, ignored: Pointers = []): string {
  return ignored.some(isReached) ? 'ignored' : JSON.stringify(canonical(value, ignored))
}

function keepDigits(_key: string, value: ExactJson, context?: { source?: string }): ExactJson {
  if (typeof value !== 'number' || context?.source === undefined) return value
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(context.source) ?? []
  const digits = (whole + fraction).replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return 0
  // So many digits come back from a double unharmed (IEEE 754 binary64), within its range.
  if (significant.length <= 15 && Math.abs(value) > 1e-300 && Math.abs(value) < 1e300) return value
  const power = BigInt(exponent) + BigInt(digits.length - significant.length - fraction.length)
  return new ExactNumber(`${sign}${significant}e${power}`)
}

// Arrays and objects are tagged, and objects become lists: no two different values can look alike,
// and no key is moved (numbers) or lost (`__proto__`).
function canonical(value: ExactJson, ignored: Pointers): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof ExactNumber) return ['number', value.digits]
  if (Array.isArray(value)) {
    return ['array', ...value.flatMap((item, at) => member(String(at), item, ignored))]
  }
  const entries = Object.entries(value).toSorted(([one], [other]) => compare(one, other))
  return [
    'object',
    ...entries.flatMap(([key, child]) => {
      const found = member(key, child, ignored)
      return found.length === 0 ? [] : [key, ...found]
    }),
  ]
}

/** What stands under a key, in a list; an empty one where that counts for nothing. */
function member(key: string, value: ExactJson, ignored: Pointers): readonly JsonValue[] {
  const below = pointersBelow(ignored, key)
  return below.some(isReached) ? [] : [canonical(value, below)]
}

function isReached(pointer: readonly string[]): boolean {
  return pointer.length === 0
}
