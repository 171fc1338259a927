import type { JsonValue } from '../body.ts'
import { compare } from './sorted-pairs.ts'

type Parsed = string | number | boolean | null | ExactNumber | Parsed[] | { [key: string]: Parsed }

/** A number with more digits than a double holds, or out of its range. */
class ExactNumber {
  readonly digits: string
  constructor(digits: string) {
    this.digits = digits
  }
}

// A number outside these is always exact in a double: at most 15 digits and no exponent.
const mayBeInexact = /\d[.\d]{15}|\d[eE]/

/**
 * A JSON text with its keys in order and its spacing gone: equal for equal values alone. Numbers
 * that a double cannot hold keep their digits, so that two long ids never melt into one.
 *
 * @returns `undefined` for a text that is not JSON
 */
export function canonicalJson(text: string): string | undefined {
  try {
    const parsed: Parsed = JSON.parse(text, mayBeInexact.test(text) ? keepDigits : undefined)
    return JSON.stringify(canonical(parsed))
  } catch {
    return undefined
  }
}

function keepDigits(_key: string, value: Parsed, context?: { source?: string }): Parsed {
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
function canonical(value: Parsed): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof ExactNumber) return ['number', value.digits]
  if (Array.isArray(value)) return ['array', ...value.map((item) => canonical(item))]
  const entries = Object.entries(value).toSorted(([one], [other]) => compare(one, other))
  return ['object', ...entries.flatMap(([key, child]) => [key, canonical(child)])]
}
