import { expect, test } from 'vitest'
import { bytePieces } from '../../src/model/byte-pieces.ts'

const long = 256 * 1024

test.each([
  ['no text', ''],
  ['a short text', 'é'],
  ['a long text', 'abc'.repeat(long)],
  ['characters of two units across the cuts', `x${'😀'.repeat(long)}`],
  ['characters of two units up to the cuts', '😀'.repeat(long)],
])('the pieces of %s are its bytes', (_, text) => {
  const pieces = bytePieces({ text })
  expect(Buffer.concat(pieces.map(({ bytes }) => bytes)).equals(Buffer.from(text))).toBe(true)
  expect(pieces.map(({ size }) => size)).toEqual(pieces.map(({ bytes }) => bytes.length))
})

test('the pieces of base64 are its bytes', () => {
  for (const length of [0, 1, 2, 3, long, long + 1, 2 * long - 1]) {
    const all = Buffer.alloc(length, 'bytes')
    const pieces = bytePieces({ base64: all.toString('base64') })
    expect(Buffer.concat(pieces.map(({ bytes }) => bytes)).equals(all)).toBe(true)
    expect(pieces.map(({ size }) => size)).toEqual(pieces.map(({ bytes }) => bytes.length))
  }
})

test('no piece of a large body is large, and none is kept', () => {
  const pieces = bytePieces({ text: 'x'.repeat(10 * long) })
  expect(pieces).toHaveLength(10)
  expect(pieces[0]!.bytes).not.toBe(pieces[0]!.bytes)
})
