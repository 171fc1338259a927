import zlib from 'node:zlib'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeContent, encodeContent, isKnownCoding } from '../../src/model/content-coding.ts'

const plain = Buffer.from('a body '.repeat(20))

const codings = ['gzip', 'x-gzip', 'deflate', 'br', 'zstd', 'identity']

test.each(codings)('%s is put on and taken off again', (coding) => {
  expect(isKnownCoding(coding)).toBe(true)
  expect(decodeContent(encodeContent(plain, coding), coding)).toEqual(plain)
})

test.each([
  ['gzip', zlib.gzipSync(plain)],
  ['X-GZip', zlib.gzipSync(plain)],
  ['deflate', zlib.deflateSync(plain)],
  ['deflate', zlib.deflateRawSync(plain)],
  ['br', zlib.brotliCompressSync(plain)],
  ['zstd', zlib.zstdCompressSync(plain)],
  ['gzip', Buffer.concat([zlib.gzipSync(plain.subarray(0, 9)), zlib.gzipSync(plain.subarray(9))])],
  ['gzip, br', zlib.brotliCompressSync(zlib.gzipSync(plain))],
  ['br ,  gzip', zlib.gzipSync(zlib.brotliCompressSync(plain))],
])('what a server sends as %s is decoded', (coding, wire) => {
  expect(decodeContent(wire, coding)).toEqual(plain)
})

test('stacked codings go on in the order of their names', () => {
  expect(zlib.gunzipSync(zlib.brotliDecompressSync(encodeContent(plain, 'gzip, br')))).toEqual(
    plain,
  )
})

test('any bytes survive any stack of codings', () => {
  const stacks = fc.array(fc.constantFrom(...codings), { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), stacks, (bytes, stack) => {
      const contentEncoding = stack.join(', ')
      const wire = encodeContent(Buffer.from(bytes), contentEncoding)
      expect(decodeContent(wire, contentEncoding)).toEqual(Buffer.from(bytes))
    }),
  )
})

test('no coding leaves the bytes alone', () => {
  expect(encodeContent(plain, undefined)).toBe(plain)
})

test.each(['compress', 'aws-chunked', 'gzip, unknown', '', 'constructor', '__proto__'])(
  'the unknown coding "%s" is not taken off',
  (coding) => {
    expect(isKnownCoding(coding)).toBe(false)
    expect(decodeContent(plain, coding)).toBeUndefined()
  },
)

test.each(['gzip', 'deflate', 'br', 'zstd'])('data that is no %s is not taken off', (coding) => {
  expect(decodeContent(plain, coding)).toBeUndefined()
})

test.each(['gzip', 'deflate', 'br', 'zstd'])(
  '%s that is cut anywhere is not taken off',
  (coding) => {
    const whole = encodeContent(plain, coding)
    for (let length = 0; length < whole.length; length += 1) {
      expect(decodeContent(whole.subarray(0, length), coding)).toBeUndefined()
    }
  },
)
