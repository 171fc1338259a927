import zlib from 'node:zlib'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  bodyBytes,
  bodyText,
  recordBody,
  wireChunks,
  withBodyText,
  type RecordedBody,
} from '../../src/model/body.ts'
import { decodeContent } from '../../src/model/content-coding.ts'
import { editsOf, withCutEdits, type CutText } from '../../src/model/edit-text.ts'
import type { HeaderList } from '../../src/model/header-list.ts'
import { anyText } from './any-text.ts'

const json: HeaderList = [['Content-Type', 'application/json']]
const eventStream: HeaderList = [['content-type', 'text/event-stream; charset=utf-8']]

function timed(...chunks: (string | Uint8Array)[]) {
  return chunks.map((chunk, at) => ({ afterMs: at * 5, bytes: Buffer.from(chunk) }))
}

function record(bytes: string | Uint8Array, headers: HeaderList = []): RecordedBody | undefined {
  return recordBody(timed(bytes), headers)
}

/** As it comes back from a file. */
function reloaded(body: RecordedBody | undefined): RecordedBody | undefined {
  return body === undefined ? undefined : (JSON.parse(JSON.stringify(body)) as RecordedBody)
}

function wire(body: RecordedBody | undefined): Buffer {
  return Buffer.concat(wireChunks(body).map(({ bytes }) => bytes))
}

test('an empty body is absent', () => {
  expect(record('')).toBeUndefined()
  expect(recordBody([], json)).toBeUndefined()
  expect(recordBody(timed('', ''), eventStream)).toBeUndefined()
  expect(bodyBytes(undefined)).toHaveLength(0)
  expect(wireChunks(undefined)).toEqual([])
  expect(bodyText(undefined)).toBeUndefined()
})

test.each([
  ['plain text', 'hello, wörld\r\n\tnext\n'],
  ['a BOM', '\ufeffhello'],
  ['an emoji', 'a 🎞 b'],
  ['line separators', 'a\u2028b\u2029c'],
])('UTF-8 is stored as text: %s', (_, text) => {
  expect(record(text)).toEqual({ text })
  expect(bodyBytes(record(text))).toEqual(Buffer.from(text))
})

test.each([
  ['invalid UTF-8', Buffer.from([0x61, 0xff, 0x62])],
  ['a cut character', Buffer.from('é').subarray(0, 1)],
  ['an encoded surrogate', Buffer.from([0xed, 0xa0, 0x80])],
  ['NUL', Buffer.from('a\0b')],
  ['escape', Buffer.from('\u001b[31mred')],
  ['DEL', Buffer.from('a\u007fb')],
  ['a C1 control', Buffer.from('a\u0085b')],
])('bytes that no one can read are stored as base64: %s', (_, bytes) => {
  expect(record(bytes)).toEqual({ base64: bytes.toString('base64') })
  expect(bodyBytes(record(bytes))).toEqual(bytes)
})

test.each(['application/json; charset=utf-8', 'application/problem+json', 'APPLICATION/JSON'])(
  'compact JSON of the type %s is stored as a value',
  (type) => {
    const text = '{"b":[1,-0.5,1e+21,null,true],"a":{"":"é\\n"}}'
    const body = record(text, [['Content-Type', type]])

    expect(body).toEqual({ json: JSON.parse(text) as unknown })
    expect(bodyBytes(body).toString()).toBe(text)
  },
)

test.each(['0', 'null', 'false', '""', '[]', '{}', '{"__proto__":{"a":1},"toString":2}'])(
  'the JSON text %s is stored as a value',
  (text) => {
    const body = reloaded(record(text, json))

    expect(body).toHaveProperty('json')
    expect(bodyBytes(body).toString()).toBe(text)
  },
)

test.each([
  ['pretty-printed', '{\n  "a": 1\n}'],
  ['with a final line end', '{"a":1}\n'],
  ['with a big integer', '{"id":12345678901234567890}'],
  ['with a number that prints otherwise', '[1.0]'],
  ['with an exponent', '[1E5]'],
  ['with a minus zero', '[-0]'],
  ['with an infinite number', '[1e400]'],
  ['with a key twice', '{"a":1,"a":2}'],
  ['with keys that are numbers out of order', '{"2":1,"1":2}'],
  ['with a needless escape', '"\\u0041"'],
  ['with an escaped slash', '"a\\/b"'],
  ['with a lone surrogate', '"\\ud83c"'],
  ['with a BOM', '\ufeff{"a":1}'],
  ['that is none', '{a:1}'],
  ['cut short', '{"a":'],
])('JSON %s stays text', (_, text) => {
  expect(record(text, json)).toEqual({ text })
})

test('JSON stays text where the type does not say JSON', () => {
  expect(record('{"a":1}')).toEqual({ text: '{"a":1}' })
  expect(record('{"a":1}', [['Content-Type', 'text/plain']])).toEqual({ text: '{"a":1}' })
})

test.each([101, 5000, 100_000])('JSON nested %i deep stays text', (depth) => {
  const text = '['.repeat(depth) + ']'.repeat(depth)
  expect(record(text, json)).toEqual({ text })
})

test('JSON nested 100 deep is stored as a value', () => {
  expect(record('['.repeat(100) + ']'.repeat(100), json)).toHaveProperty('json')
})

test.each([
  'text/event-stream',
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/json-seq',
  'application/stream+json',
])('a stream of the type %s keeps its chunks and their times', (type) => {
  const chunks = timed('data: 1\n\n', 'data: 2\n\n')
  const body = recordBody(chunks, [['Content-Type', type]])

  expect(body).toEqual({
    chunks: [
      { afterMs: 0, text: 'data: 1\n\n' },
      { afterMs: 5, text: 'data: 2\n\n' },
    ],
  })
  expect(wireChunks(reloaded(body))).toEqual(chunks)
  expect(bodyText(body)).toBe('data: 1\n\ndata: 2\n\n')
})

test('a chunk that ends within a character keeps its bytes', () => {
  const bytes = Buffer.from('data: é\n\n')
  const chunks = timed(bytes.subarray(0, 7), bytes.subarray(7))
  const body = recordBody(chunks, eventStream)

  expect(body).toMatchObject({ chunks: [{ base64: expect.any(String) }, { base64: 'qQoK' }] })
  expect(wireChunks(reloaded(body))).toEqual(chunks)
  expect(bodyText(body)).toBe('data: é\n\n')
})

test('a stream that came in one chunk, and chunks of another type, are stored whole', () => {
  expect(record('data: 1\n\n', eventStream)).toEqual({ text: 'data: 1\n\n' })
  expect(recordBody(timed('{"a"', ':1}'), json)).toEqual({ json: { a: 1 } })
})

const codings: [string, (bytes: Buffer) => Buffer][] = [
  ['gzip', zlib.gzipSync],
  ['x-gzip', zlib.gzipSync],
  ['deflate', zlib.deflateSync],
  ['deflate', zlib.deflateRawSync],
  ['br', zlib.brotliCompressSync],
  ['zstd', zlib.zstdCompressSync],
  ['gzip, br', (bytes) => zlib.brotliCompressSync(zlib.gzipSync(bytes))],
]

test.each(codings)('a body in %s is stored decoded and is encoded again', (coding, compress) => {
  const text = '{"a":1}'
  const headers: HeaderList = [...json, ['Content-Encoding', ` ${coding.toUpperCase()} `]]
  const body = reloaded(record(compress(Buffer.from(text)), headers))

  expect(body).toEqual({ json: { a: 1 }, contentEncoding: coding })
  expect(bodyBytes(body).toString()).toBe(text)
  expect(decodeContent(wire(body), coding)?.toString()).toBe(text)
})

test('codings may stand in several headers', () => {
  const bytes = zlib.brotliCompressSync(zlib.gzipSync(Buffer.from('hello')))
  const headers: HeaderList = [
    ['Content-Encoding', 'gzip'],
    ['content-encoding', 'br'],
  ]
  expect(record(bytes, headers)).toEqual({ text: 'hello', contentEncoding: 'gzip, br' })
})

test('a compressed picture is stored decoded as base64', () => {
  const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2])
  const body = record(zlib.gzipSync(picture), [['Content-Encoding', 'gzip']])

  expect(body).toEqual({ base64: picture.toString('base64'), contentEncoding: 'gzip' })
  expect(zlib.gunzipSync(wire(body))).toEqual(picture)
})

test('a compressed body that is empty inside is still there', () => {
  const body = record(zlib.gzipSync(''), [['Content-Encoding', 'gzip']])

  expect(body).toEqual({ text: '', contentEncoding: 'gzip' })
  expect(zlib.gunzipSync(wire(body))).toHaveLength(0)
})

test('the coding identity is none', () => {
  expect(record('hello', [['Content-Encoding', 'Identity']])).toEqual({ text: 'hello' })
})

test.each([
  ['an unknown coding', 'aws-chunked', Buffer.from('hello')],
  ['one unknown coding of two', 'gzip, unknown', zlib.gzipSync('hello')],
  ['broken data', 'gzip', Buffer.from('hello')],
  ['cut data', 'br', zlib.brotliCompressSync('hello hello hello').subarray(0, -2)],
])('the wire bytes are kept for %s', (_, coding, bytes) => {
  const body = reloaded(record(bytes, [...json, ['Content-Encoding', coding]]))

  expect(body).toEqual({ base64: bytes.toString('base64') })
  expect(wire(body)).toEqual(bytes)
})

test('any bytes under any headers come back from a file', () => {
  const types = fc.constantFrom('', 'application/json', 'text/event-stream', 'image/png')
  const encodings = fc.constantFrom(undefined, 'identity', 'gzip', 'unknown')
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    anyText.map((text) => Buffer.from(text)),
    fc.json({ maxDepth: 2 }).map((text) => Buffer.from(text)),
  )
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 3 }), types, encodings, (parts, type, encoding) => {
      const chunks = timed(...parts)
      const all = Buffer.concat(parts)
      const headers: HeaderList = [
        ['Content-Type', type],
        ...(encoding === undefined ? [] : [['Content-Encoding', encoding] as const]),
      ]
      const body = reloaded(recordBody(chunks, headers))

      // Random bytes are not compressed data, so those too are kept as they came.
      expect(wire(body).equals(all)).toBe(true)
      expect(bodyBytes(body).equals(all)).toBe(true)
    }),
  )
})

test('any text that is sent compressed comes back from a file', () => {
  const texts = fc.oneof(fc.json(), anyText)
  fc.assert(
    fc.property(texts, fc.constantFrom('gzip', 'deflate', 'br', 'zstd'), (text, coding) => {
      const sent = codings.find(([name]) => name === coding)![1](Buffer.from(text))
      const body = reloaded(record(sent, [...json, ['Content-Encoding', coding]]))

      expect(bodyBytes(body).toString()).toBe(text)
      expect(decodeContent(wire(body), coding)?.toString()).toBe(text)
    }),
  )
})

const shout = (cut: CutText) =>
  withCutEdits(
    cut,
    editsOf(cut.text, /hi/g, () => 'HEY'),
  )

test.each<[string, RecordedBody, RecordedBody]>([
  ['text', { text: 'oh hi' }, { text: 'oh HEY' }],
  ['a JSON value', { json: { a: 'hi' } }, { json: { a: 'HEY' } }],
  ['chunks', { chunks: [{ afterMs: 3, text: 'hi' }] }, { chunks: [{ afterMs: 3, text: 'HEY' }] }],
  [
    'a coded body',
    { text: 'hi', contentEncoding: 'gzip' },
    { text: 'HEY', contentEncoding: 'gzip' },
  ],
  [
    'bytes',
    { base64: Buffer.from([0xff, 0x68, 0x69, 0]).toString('base64') },
    { base64: Buffer.from([0xff, 0x48, 0x45, 0x59, 0]).toString('base64') },
  ],
  [
    'a text over two chunks',
    {
      chunks: [
        { afterMs: 3, text: 'oh h' },
        { afterMs: 4, text: 'i there' },
      ],
    },
    {
      chunks: [
        { afterMs: 3, text: 'oh HEY' },
        { afterMs: 4, text: ' there' },
      ],
    },
  ],
  [
    'a chunk that lies within a text',
    {
      chunks: [
        { afterMs: 3, text: 'h' },
        { afterMs: 4, text: 'i' },
      ],
    },
    { chunks: [{ afterMs: 3, text: 'HEY' }] },
  ],
  [
    'a chunk of bytes',
    { chunks: [{ afterMs: 3, base64: Buffer.from([0xff, 0x68, 0x69]).toString('base64') }] },
    { chunks: [{ afterMs: 3, base64: Buffer.from([0xff, 0x48, 0x45, 0x59]).toString('base64') }] },
  ],
])('the text of a body is exchanged: %s', (_, body, changed) => {
  expect(withBodyText(body, 'application/json', shout)).toEqual(changed)
})

test('a body whose text does not change stays as it is', () => {
  const same = (cut: CutText) => cut
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
      const body = record(bytes)!
      expect(withBodyText(body, '', same)).toBe(body)
    }),
  )
})
