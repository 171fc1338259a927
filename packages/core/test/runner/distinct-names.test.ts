import { expect, test } from 'vitest'
import { distinctNames } from '../../src/runner/distinct-names.ts'

test('names that are different stay as they are', () => {
  expect(distinctNames(['a', 'b'])).toEqual(['a', 'b'])
})

test('of several with one name the later ones get a number that no other has', () => {
  expect(distinctNames(['a', 'a', 'a (2)', 'a', 'b'])).toEqual([
    'a',
    'a (3)',
    'a (2)',
    'a (4)',
    'b',
  ])
})

test('very many tests with one name are told apart in the time that a test has', () => {
  const names = distinctNames(Array<string>(50_000).fill('same'))

  expect(new Set(names).size).toBe(50_000)
})
