import { expect, test } from 'vitest'
import { cassettePath, testFileOf } from '../../src/runner/cassette-path.ts'

const root = '/project'
const place = { testFile: '/project/src/users.test.ts', root }

test('the cassette of a test file is in __cassettes__ beside it', () => {
  expect(cassettePath(place, {})).toBe('/project/src/__cassettes__/users.test.ts')
})

test('with storage file it is one file of the format', () => {
  expect(cassettePath(place, { storage: 'file' })).toBe(
    '/project/src/__cassettes__/users.test.ts.json',
  )
  expect(cassettePath(place, { storage: 'file', fileFormat: 'yaml' })).toBe(
    '/project/src/__cassettes__/users.test.ts.yaml',
  )
})

test('cassetteDir mirrors the tree of the test files', () => {
  expect(cassettePath(place, { cassetteDir: 'cassettes' })).toBe(
    '/project/cassettes/src/users.test.ts',
  )
})

test('a head comment is relative to the root, or to the test file where it starts with a dot', () => {
  expect(cassettePath(place, {}, 'fixtures/api')).toBe('/project/fixtures/api')
  expect(cassettePath(place, {}, './api.yaml')).toBe('/project/src/api.yaml')
  expect(cassettePath(place, {}, '../api')).toBe('/project/api')
})

test.each(['../../api', '/etc/api', 'fixtures/../../api', '..', '.'])(
  'a head comment that leads to %s is refused with the file and the root',
  (comment) => {
    expect(() => cassettePath(place, {}, comment)).toThrow(
      /@cassette in \/project\/src\/users\.test\.ts.*inside \/project/,
    )
  },
)

test('cassetteDir refuses a test file outside the root, which it cannot mirror', () => {
  const outside = { testFile: '/shared/users.test.ts', root }

  expect(() => cassettePath(outside, { cassetteDir: 'cassettes' })).toThrow(/inside \/project/)
})

test('a cassetteDir outside the root is refused', () => {
  expect(() => cassettePath(place, { cassetteDir: '../shared' })).toThrow(/cassetteDir.*inside/)
})

test.each([
  [{}, undefined],
  [{ storage: 'file' as const }, undefined],
  [{ cassetteDir: 'cassettes' }, 'cassettes'],
  [{ cassetteDir: 'cassettes', storage: 'file' as const }, 'cassettes'],
])('the test file of a cassette is found back with %o', (options, cassetteDir) => {
  expect(testFileOf(cassettePath(place, options), root, cassetteDir)).toBe(place.testFile)
})
