import zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { body, bodyMatcher } from '../../../src/model/matchers/body.ts'
import { jsonRequest, sampleRequest, typedRequest } from '../sample-request.ts'

const formType = 'application/x-www-form-urlencoded'

const json = (text: string) => bodyMatcher.key(jsonRequest(text))
const form = (text: string) => bodyMatcher.key(typedRequest(formType, text))
const bytes = (sent: string | Uint8Array) => bodyMatcher.key(typedRequest('text/plain', sent))

interface Field {
  readonly name: string
  readonly value: string
  readonly filename?: string
  readonly type?: string
}

function multipart(fields: readonly Field[], boundary = 'b0'): string {
  const parts = fields.map(
    ({ name, value, filename, type }) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"` +
      `${filename === undefined ? '' : `; filename="${filename}"`}\r\n` +
      `${type === undefined ? '' : `Content-Type: ${type}\r\n`}\r\n${value}\r\n`,
  )
  const request = typedRequest(
    `multipart/form-data; boundary=${boundary}`,
    `${parts.join('')}--${boundary}--\r\n`,
  )
  return bodyMatcher.key(request)
}

test('an empty body is the same as none, and another than any body', () => {
  expect(json('')).toBe(bodyMatcher.key(sampleRequest()))
  expect(json('')).not.toBe(json('""'))
  expect(json('')).not.toBe(json('null'))
  expect(form('')).not.toBe(form('a'))
})

test('JSON compares by value', () => {
  expect(json('{ "b": [1, 2], "a": { "y": 1, "x": 2 } }')).toBe(
    json('{"a":{"x":2,"y":1},"b":[1,2]}'),
  )
  expect(json('[1,2]')).not.toBe(json('[2,1]'))
  expect(json('{"a":"1"}')).not.toBe(json('{"a":1}'))
})

test('JSON under any JSON type compares by value', () => {
  const key = (type: string, text: string) => bodyMatcher.key(typedRequest(type, text))
  for (const type of ['application/vnd.api+json', 'application/json; charset=utf-8']) {
    expect(key(type, '{"a":1,"b":2}')).toBe(key(type, '{"b":2,"a":1}'))
  }
})

test('JSON inside a string is a string', () => {
  expect(json('{"a":"{\\"x\\":1,\\"y\\":2}"}')).not.toBe(json('{"a":"{\\"y\\":2,\\"x\\":1}"}'))
})

test('what calls itself JSON and is none compares by bytes', () => {
  expect(json('{"a":1')).not.toBe(json('{"a": 1'))
  expect(json('{"a":1')).toBe(json('{"a":1'))
  const broken = (byte: number) =>
    bodyMatcher.key(typedRequest('application/json', Buffer.from([0x22, byte, 0x22])))
  expect(broken(0xfe)).not.toBe(broken(0xff))
})

test('a form compares by its pairs', () => {
  expect(form('a=1&b=x+y&a=2')).toBe(form('b=x%20y&a=1&a=2'))
  expect(form('a=1&a=2')).not.toBe(form('a=2&a=1'))
  expect(new Set([form('a'), form('a='), form('b=')]).size).toBe(3)
})

test('a form that is no UTF-8 compares by bytes', () => {
  const broken = (byte: number) =>
    bodyMatcher.key(typedRequest(formType, Buffer.from([0x61, 0x3d, byte])))
  expect(broken(0xfe)).not.toBe(broken(0xff))
})

test('multipart compares part by part whatever the boundary', () => {
  const fields = [
    { name: 'title', value: 'A' },
    { name: 'file', value: 'bytes', filename: 'a.png', type: 'image/png' },
  ]
  expect(multipart(fields, 'one')).toBe(multipart(fields, '----two'))
})

test('every part of a part makes a difference, and so does the order of parts with one name', () => {
  const file = { name: 'file', value: 'bytes', filename: 'a.png', type: 'image/png' }
  const keys = [
    multipart([]),
    multipart([file]),
    multipart([{ ...file, name: 'other' }]),
    multipart([{ ...file, value: 'BYTES' }]),
    multipart([{ ...file, filename: 'b.png' }]),
    multipart([{ ...file, filename: '' }]),
    multipart([{ ...file, type: 'image/gif' }]),
    multipart([{ name: 'file', value: 'bytes' }]),
    multipart([file, { name: 'a', value: '1' }]),
    multipart([file, file]),
    multipart([file, { ...file, value: '2' }]),
    multipart([{ ...file, value: '2' }, file]),
  ]
  expect(new Set(keys).size).toBe(keys.length)
})

test('the order of parts with different names does not matter', () => {
  const [one, two, other] = [
    { name: 'a', value: '1' },
    { name: 'a', value: '2' },
    { name: 'b', value: '1' },
  ]
  expect(multipart([other, one, two])).toBe(multipart([one, other, two]))
})

test('multipart that does not follow its boundary compares by bytes', () => {
  const key = (text: string) => bodyMatcher.key(typedRequest('multipart/form-data', text))
  expect(key('one')).not.toBe(key('two'))
})

// As Google's clients upload a file with what is told of it, and as OData sends a batch.
function uploaded(contents: readonly string[], boundary: string, inner = 'changeset'): string {
  const parts = contents.map((content) => `--${inner}\r\nContent-Type: a/b\r\n\r\n${content}\r\n`)
  return bodyMatcher.key(
    typedRequest(
      `multipart/related; boundary=${boundary}`,
      `--${boundary}\r\nContent-Type: application/json\r\n\r\n{}\r\n` +
        `--${boundary}\r\nContent-Type: multipart/mixed; boundary="${inner}"\r\n\r\n` +
        `${parts.join('')}--${inner}--\r\n--${boundary}--`,
    ),
  )
}

test('parts that are no form compare in their order whatever the boundaries', () => {
  const keys = [uploaded(['x', 'y'], 'one'), uploaded(['y', 'x'], 'one'), uploaded(['x'], 'one')]
  expect(new Set(keys).size).toBe(keys.length)
  expect(uploaded(['x', 'y'], 'two', 'other')).toBe(keys[0])
})

test('all else compares by bytes', () => {
  expect(bytes('{"a":1,"b":2}')).not.toBe(bytes('{"b":2,"a":1}'))
  expect(bytes(new Uint8Array([0xff]))).not.toBe(bytes(new Uint8Array([0xfe])))
  expect(bodyMatcher.key(sampleRequest({ body: 'a' }))).toBe(bytes('a'))
})

test("body('bytes') tells apart what means the same", () => {
  const matcher = body('bytes')
  expect(matcher.name).toBe('body')
  expect(matcher.key(jsonRequest('{"a":1}'))).not.toBe(matcher.key(jsonRequest('{ "a":1}')))
  expect(matcher.key(typedRequest(formType, 'a=1&b=2'))).not.toBe(
    matcher.key(typedRequest(formType, 'b=2&a=1')),
  )
  expect(matcher.key(jsonRequest('{"a":1}'))).toBe(
    matcher.key(typedRequest('text/plain', '{"a":1}')),
  )
  expect(matcher.key(sampleRequest())).toBe(matcher.key(jsonRequest('')))
})

test.each([undefined, 'json', ['bytes']])('body(%j) is an OptionError', (by) => {
  expect(() => body(by as 'bytes')).toThrow('Invalid body()')
  expect(() => body(by as 'bytes')).toThrow("Use body('bytes').")
})

test('a compressed body compares by what is inside', () => {
  const compressed = (level: number) =>
    bodyMatcher.key(
      sampleRequest({
        headers: [
          ['Content-Type', 'application/json'],
          ['Content-Encoding', 'gzip'],
        ],
        body: zlib.gzipSync(`{"a":"${'x'.repeat(99)}"}`, { level }),
      }),
    )
  expect(compressed(0)).toBe(compressed(9))
  expect(compressed(0)).toBe(json(`{ "a": "${'x'.repeat(99)}" }`))
})
