import { expect, test } from 'vitest'
import { parsePointer } from '../../../src/model/matchers/json-pointer.ts'

// The examples of RFC 6901 5, and the order of unescaping in its section 4.
test.each([
  ['', []],
  ['/foo', ['foo']],
  ['/foo/0', ['foo', '0']],
  ['/', ['']],
  ['/a~1b', ['a/b']],
  ['/c%d', ['c%d']],
  ['/m~0n', ['m~n']],
  ['/ ', [' ']],
  ['/~01', ['~1']],
  ['/messages/*/timestamp', ['messages', '*', 'timestamp']],
])('%j has the keys %j', (pointer, keys) => {
  expect(parsePointer(pointer)).toEqual(keys)
})

test.each(['id', 'a/b', '#/id', '$.id', '/a~', '/a~2', '/~~'])('%j is no pointer', (text) => {
  expect(parsePointer(text)).toBeUndefined()
})
