import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { sortedPairs } from '../../../src/model/matchers/sorted-pairs.ts'

type Pair = readonly [key: string, value?: string]

const word = fc.string({ unit: fc.constantFrom('a', 'b', '&', '=', '+', ' ', '%', 'é', '"', ',') })
const pairs: fc.Arbitrary<Pair[]> = fc.array(
  fc.oneof(
    fc.tuple(
      word.map((key) => `k${key}`),
      word,
    ),
    fc.constantFrom<Pair[]>(['a'], ['a', ''], ['a', 'b'], ['b', 'a'], ['b']),
  ),
  { maxLength: 5 },
)

const plus = (text: string) => encodeURIComponent(text).replaceAll('%20', '+')

function written(list: readonly Pair[], encode: (text: string) => string): string {
  return list.map((pair) => pair.map((text) => encode(text ?? '')).join('=')).join('&')
}

/** What a server gets: for each key its values in order, `null` where there is no `=`. */
function meaning(list: readonly Pair[]): unknown {
  return Object.groupBy(
    list.map(([key, value]) => ({ key, value: value ?? null })),
    ({ key }) => key,
  )
}

test('the order of keys and the way of encoding do not matter', () => {
  fc.assert(
    fc.property(pairs, (list) => {
      const turned = list.toSorted(([one], [other]) => (one < other ? 1 : one > other ? -1 : 0))
      expect(sortedPairs(written(turned, plus))).toBe(
        sortedPairs(written(list, encodeURIComponent)),
      )
    }),
  )
})

test('two lists are alike exactly when every key has the same values in the same order', () => {
  fc.assert(
    fc.property(pairs, pairs, (one, other) => {
      const alike = sortedPairs(written(one, plus)) === sortedPairs(written(other, plus))
      expect(alike).toBe(isDeepStrictEqual(meaning(one), meaning(other)))
    }),
    { numRuns: 500 },
  )
})

test('a blank value, no value and no key are three things', () => {
  expect(new Set(['a', 'a=', '', 'a=&a', 'a&a='].map(sortedPairs)).size).toBe(5)
})

test('empty pairs count for nothing', () => {
  expect(sortedPairs('&a=1&&b=2&')).toBe(sortedPairs('b=2&a=1'))
})

test('what cannot be decoded is compared as it is written', () => {
  const texts = ['a=%FF', 'a=%25FF', 'a=%FE', 'a=%', 'a=%25', '%FF=a']
  expect(new Set(texts.map(sortedPairs)).size).toBe(texts.length)
})
