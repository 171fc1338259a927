import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../../src/model/matchers/canonical-json.ts'

/** Few shapes and names, so that two random values are often nearly the same. */
const { value: smallValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(0, 1, '', '0', '1', 'a', 'array', 'object', 'number', null, true, false),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('', '0', '1', 'a', 'b', '__proto__'), tie('value'), {
      maxKeys: 3,
    }),
  ),
}))

/** The same value written otherwise: keys turned around, spaces between. */
function rewritten(value: unknown): string {
  if (Array.isArray(value)) return `[ ${value.map((item) => rewritten(item)).join(' ,\n')} ]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).toReversed()
  return `{\t${entries.map(([key, item]) => `${JSON.stringify(key)} : ${rewritten(item)}`).join(',')}}`
}

test('the order of keys and the spacing do not matter', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonicalJson(rewritten(value))).toBe(canonicalJson(JSON.stringify(value)))
    }),
  )
})

test('two values are alike exactly when they are equal', () => {
  fc.assert(
    fc.property(smallValue, smallValue, (one, other) => {
      const [first, second] = [JSON.stringify(one), JSON.stringify(other)]
      expect(canonicalJson(first) === canonicalJson(second)).toBe(
        isDeepStrictEqual(JSON.parse(first), JSON.parse(second)),
      )
    }),
    { numRuns: 1000 },
  )
})

test.each([
  ['an array and an object', '["a",1]', '{"a":1}'],
  ['an array and an object with its places as keys', '["a"]', '{"0":"a"}'],
  ['an array that looks like a tagged object', '["object","a",1]', '{"a":1}'],
  ['an array that looks like a tagged array', '["array",1]', '[1]'],
  [
    'an array that looks like a long number',
    '["number","12345678901234567e0"]',
    '12345678901234567',
  ],
  ['a number and a string', '1', '"1"'],
  ['null and an absent field', '{"a":null}', '{}'],
  ['null and what no double holds', '[1e400]', '[null]'],
  ['nesting', '[[],[]]', '[[[]]]'],
  ['long ids', '{"id":9007199254740993}', '{"id":9007199254740992}'],
  ['long fractions', '[9.007199254740993]', '[9.007199254740992]'],
  ['long numbers with an exponent', '[9007199254740.993e3]', '[9007199254740.992e3]'],
  ['tiny numbers', '[1e-400]', '[0]'],
  ['huge numbers', '[1e400]', '[1e401]'],
  ['a prototype', '{"__proto__":{"a":1}}', '{"__proto__":{"a":2}}'],
])('%s do not look alike', (_, one, other) => {
  expect(canonicalJson(one)).toBeDefined()
  expect(canonicalJson(one)).not.toBe(canonicalJson(other))
})

test.each([
  ['1.0', '1'],
  ['1e2', '100'],
  ['-0', '0'],
  ['0e9', '0'],
  ['12345678901234567.0', '12345678901234567'],
  ['1234567890123456.70', '123456789012345.67e1'],
  ['1E400', '10e399'],
  ['"\\u0041"', '"A"'],
  ['[12345678901234567,1.0]', '[12345678901234567,1]'],
])('%s is %s', (one, other) => {
  expect(canonicalJson(one)).toBe(canonicalJson(other))
})

test('two numbers are alike exactly when they are equal, however many digits they have', () => {
  const digits = fc.bigInt({ min: 10n ** 14n, max: 10n ** 19n })
  const nearby = fc.tuple(digits, fc.bigInt({ min: -2n, max: 2n }), fc.integer({ min: -9, max: 9 }))
  fc.assert(
    fc.property(nearby, ([number, step, exponent]) => {
      const one = canonicalJson(`[${number}e${exponent}]`)
      expect(canonicalJson(`[${number}00e${exponent - 2}]`)).toBe(one)
      expect(canonicalJson(`[${number + step}e${exponent}]`) === one).toBe(step === 0n)
    }),
    { numRuns: 300 },
  )
})

test.each(['', '{', "{'a':1}", '\ufeff{}', 'undefined', '{"a":1}{"a":1}', '01'])(
  '%j is no JSON',
  (text) => {
    expect(canonicalJson(text)).toBeUndefined()
  },
)
