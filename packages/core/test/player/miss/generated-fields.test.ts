import { expect, test } from 'vitest'
import { areGenerated, generatedPointers } from '../../../src/player/miss/generated-fields.ts'

test.each([
  ['id', '018f3b1c-7a52-7c3e-9d41-2b6f5a0c8e17', 'F47AC10B-58CC-4372-A567-0E02B2C3D479'],
  ['id', '01ARZ3NDEKTSV4RRFFQ69G5FAV', '01BX5ZZKBKACTAV9WEVGEMMVRZ'],
  ['id', 'msg_67ccd2bed1ec8190', 'msg_67ccd3acc8d48190'],
  ['etag', 'd41d8cd98f00b204e9800998ecf8427e', '9e107d9d372bb6826bd81d3542a419d6'],
  ['at', '2026-11-22T17:00:00Z', '2026-11-23T09:30:00.123+01:00'],
  ['at', 'Sun, 22 Nov 2026 17:00:00 GMT', 'Mon, 23 Nov 2026 09:30:00 GMT'],
  ['at', 1_795_000_000, 1_795_000_060],
  ['at', '1795000000123', '1795000060123'],
  ['nonce', 'a', 'b'],
  ['request_id', 1, 2],
  ['_', '1', '2'],
  ['x-algolia-agent', 'Search (5.64.0); Node.js (22.20.0)', 'Search (5.65.0); Node.js (24.21.0)'],
])('%s: %s and %s look generated', (name, one, other) => {
  expect(areGenerated(name, one, other)).toBe(true)
})

test.each([
  ['id', 1, 2],
  ['userId', 7, 8],
  ['name', 'octocat', 'hubot'],
  ['date', '2026-11-22', '2026-11-23'],
  ['text', 'internationalization', 'internationalisation'],
  ['phone', '4915112345678901', '4915112345678902x'],
  ['at', '2026-11-22T17:00:00Z', 1_795_000_000],
  ['nonce', null, 'b'],
  ['nonce', undefined, undefined],
])('%s: %s and %s look like data', (name, one, other) => {
  expect(areGenerated(name, one, other)).toBe(false)
})

test('pointers escape their keys and tell the place of an item', () => {
  const value = (nonce: string) => ({ 'a/b~c': [0, { nonce }], nonce })
  expect(generatedPointers(value('1'), value('2'))).toEqual(['/a~1b~0c/1/nonce', '/nonce'])
})

test('several items that differ alike get one pointer with a star', () => {
  const value = (nonce: string) => [{ nonce }, { nonce }, { n: { nonce } }, { n: { nonce } }]
  expect(generatedPointers(value('1'), value('2'))).toEqual(['/*/nonce', '/*/n/nonce'])
})

test('a key that is a number is no item', () => {
  const value = (nonce: string) => ({ 1: { nonce }, 2: { nonce } })
  expect(generatedPointers(value('1'), value('2'))).toEqual(['/1/nonce', '/2/nonce'])
})

test.each([
  ['a field that looks like data', { nonce: 1, name: 'a' }, { nonce: 2, name: 'b' }],
  ['a field more', { nonce: 1 }, { nonce: 2, name: 'b' }],
  ['another field', { nonce: 1, a: 1 }, { nonce: 2, b: 1 }],
  ['an item more', [{ nonce: 1 }], [{ nonce: 2 }, { nonce: 3 }]],
  ['a list for an object', { 0: 'a' }, ['a']],
  [
    'a scalar alone',
    '018f3b1c-7a52-7c3e-9d41-2b6f5a0c8e17',
    '018f3b90-11d4-7e2a-8c05-6a1d9f3e7b42',
  ],
])('there are no pointers where values differ in %s', (_what, stored, actual) => {
  expect(generatedPointers(stored, actual)).toBeUndefined()
})
