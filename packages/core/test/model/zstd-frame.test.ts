import zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { isWholeZstdFrame } from '../../src/model/zstd-frame.ts'

const noise = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * at * 31 + at) % 251))
const contents: [string, Buffer][] = [
  ['nothing', Buffer.alloc(0)],
  ['a word', Buffer.from('hello')],
  ['one byte many times', Buffer.alloc(1_000_000, 7)],
  ['many blocks', noise],
]

const { ZSTD_c_checksumFlag, ZSTD_c_contentSizeFlag, ZSTD_c_compressionLevel } = zlib.constants
const settings = [0, 1].flatMap((checksum) =>
  [0, 1].flatMap((contentSize) =>
    [1, 19].map((level) => ({
      [ZSTD_c_checksumFlag]: checksum,
      [ZSTD_c_contentSizeFlag]: contentSize,
      [ZSTD_c_compressionLevel]: level,
    })),
  ),
)

test.each(contents)('a frame is whole, whatever its settings: %s', (_, content) => {
  for (const params of settings) {
    const told = zlib.zstdCompressSync(content, { params, pledgedSrcSize: content.length })
    const untold = zlib.zstdCompressSync(content, { params })

    expect(isWholeZstdFrame(told)).toBe(true)
    expect(isWholeZstdFrame(untold)).toBe(true)
  }
})

test.each(contents)('a frame that is cut is not whole: %s', (_, content) => {
  const whole = zlib.zstdCompressSync(content)
  const step = Math.ceil(whole.length / 500)
  for (let length = whole.length - 1; length >= 0; length -= step) {
    expect(isWholeZstdFrame(whole.subarray(0, length))).toBe(false)
  }
})

test('what has another frame or anything else behind it is not one frame', () => {
  const frame = zlib.zstdCompressSync(Buffer.from('hello'))

  expect(isWholeZstdFrame(Buffer.concat([frame, frame]))).toBe(false)
  expect(isWholeZstdFrame(Buffer.concat([frame, Buffer.from('x')]))).toBe(false)
})

test('other data is no frame', () => {
  expect(isWholeZstdFrame(Buffer.from('hello, world'))).toBe(false)
  expect(isWholeZstdFrame(zlib.gzipSync('hello'))).toBe(false)
})
