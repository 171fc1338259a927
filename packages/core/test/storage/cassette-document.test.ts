import { describe, expect, test } from 'vitest'
import type { RecordedBody } from '../../src/model/body.ts'
import {
  cassetteDocument,
  decodeDocument,
  interactionDocument,
} from '../../src/storage/cassette-document.ts'
import { sampleInteraction } from '../support/interaction.ts'

const path = '/project/__cassettes__/api.json'

/** A decoded document with one of its values exchanged; `undefined` takes it out. */
function changed(at: string, value: unknown): unknown {
  const document = JSON.parse(JSON.stringify(interactionDocument(full))) as object
  const keys = at.split('.')
  const last = keys.pop()!
  const parent = keys.reduce<object>((object, key) => Reflect.get(object, key) as object, document)
  if (value === undefined) Reflect.deleteProperty(parent, last)
  else
    Reflect.defineProperty(parent, last, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  return document
}

const full = sampleInteraction({ test: 'gets a user', index: 2 })

test('an interaction has its keys in a fixed order, whatever the order they came in', () => {
  const { request, response, ...rest } = full
  const { body, headers, ...status } = response!
  const shuffled = { response: { body, headers, ...status }, request, ...rest }
  const document = interactionDocument(shuffled as typeof full)
  expect(JSON.stringify(document)).toBe(JSON.stringify(interactionDocument(full)))
  expect(Object.keys(document)).toEqual(
    'cassette name matchOn recordedAt test index request response'.split(' '),
  )
  expect(Object.keys(response!)).toEqual(['status', 'statusText', 'headers', 'body'])
})

test('a whole cassette has its version once', () => {
  expect(cassetteDocument([full, full])).toEqual({ cassette: 1, interactions: [full, full] })
})

test('a document reads back as what it was made of', () => {
  const one = decodeDocument(interactionDocument(full), path)
  expect(one).toStrictEqual({ kind: 'interaction', interactions: [full] })
  const all = decodeDocument(cassetteDocument([full, sampleInteraction()]), path)
  expect(all).toStrictEqual({ kind: 'cassette', interactions: [full, sampleInteraction()] })
})

const deep = JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`) as unknown

/** A body of one frame. */
function frame(fields: object): object {
  return { frames: [{ afterMs: 0, afterSent: 0, ...fields }] }
}

describe('a wrong field is refused by its place', () => {
  test.each<[at: string, value: unknown, problem: string]>([
    ['name', undefined, '`name` is missing'],
    ['name', 7, '`name` must be a string'],
    ['name', 'https:GET a:443/', '`name` must be a name that ends in its hash of 16 hex digits'],
    ['name', 'x0123456789abcdef', '`name` must be a name'],
    ['matchOn', 9041, '`matchOn` must be a string'],
    ['matchOn', 'xyz', '`matchOn` must be a fingerprint'],
    ['recordedAt', 'yesterday', '`recordedAt` must be a time in UTC'],
    ['recordedAt', '2026-13-45T00:00:00Z', '`recordedAt` must be a time in UTC'],
    ['test', null, '`test` must be a string'],
    ['index', -1, '`index` must be a whole number from 0'],
    ['index', 1.5, '`index` must be a whole number'],
    ['request', undefined, '`request` is missing'],
    ['request', [], '`request` must be an object'],
    ['request.method', 'GET /', '`request.method` must be a token of RFC 9110'],
    ['request.url', '/users', '`request.url` must be an absolute URL'],
    ['request.url', 'mailto:a@b', '`request.url` must be an absolute URL'],
    ['request.headers', {}, '`request.headers` must be a list'],
    ['request.headers.0', ['Accept'], '`request.headers[0]` must be a pair'],
    ['request.headers.0', 'Accept: x', '`request.headers[0]` must be a pair'],
    ['request.headers.0.0', 'a b', '`request.headers[0][0]` must be a token'],
    ['request.headers.0.0', '', '`request.headers[0][0]` must be a token'],
    ['request.headers.0.1', 1, '`request.headers[0][1]` must be a string'],
    [
      'request.headers.0.1',
      'a\r\nb: c',
      '`request.headers[0][1]` must be the value of a header, without CR, LF and NUL',
    ],
    [
      'request.headers.0.1',
      'a\0',
      '`request.headers[0][1]` must be the value of a header, without',
    ],
    ['response', 'OK', '`response` must be an object'],
    ['response.status', '200', '`response.status` must be a whole number 200 to 999'],
    ['response.status', 100, '`response.status` must be'],
    ['response.status', 1000, '`response.status` must be'],
    ['response.statusText', undefined, '`response.statusText` is missing'],
    ['response.statusText', 'a\nb', '`response.statusText` must be without'],
    ['response.statusText', 'OK\u010d\u010aX-Injected: 1', '`response.statusText` must be without'],
    ['request.headers.0.1', 'a\u010d\u010ab: c', '`request.headers[0][1]` must be the value'],
    ['response.headers.1.0', null, '`response.headers[1][0]` must be a string'],
    ['response.boddy', {}, '`response.boddy` is not a field of the format, which has status,'],
    ['__proto__', {}, '`__proto__` is not a field'],
    ['error', 'gone', '`error` must be "closed", "no answer" or an error'],
    [
      'error',
      { message: 'no', details: { port: Infinity } },
      '`error.details` must be an object of',
    ],
    ['error', { message: 'no', details: { stack: 'x' } }, '`error.details` must be an object of'],
    ['response.body', 'text', '`response.body` must be an object'],
    ['response.body', {}, '`response.body` must have exactly one of text, json, base64, chunks'],
    ['response.body', { text: '', json: 1 }, '`response.body` must have exactly one of'],
    ['response.body', { text: 1 }, '`response.body.text` must be a string'],
    ['response.body', { base64: 'a' }, '`response.body.base64` must be base64'],
    ['response.body', { base64: 'a-_=' }, '`response.body.base64` must be base64'],
    ['response.body', { json: deep }, '`response.body.json` must be a JSON value'],
    ['response.body', { json: [Infinity] }, '`response.body.json` must be a JSON value'],
    [
      'response.body',
      { text: '', contentEncoding: 'lzma' },
      '`response.body.contentEncoding` must',
    ],
    [
      'response.body',
      { chunks: [], contentEncoding: 'br' },
      '`response.body.contentEncoding` cannot',
    ],
    ['response.body', { chunks: 'x' }, '`response.body.chunks` must be a list'],
    ['response.body', { chunks: [{ text: '' }] }, '`response.body.chunks[0].afterMs` is missing'],
    [
      'response.body',
      { chunks: [{ afterMs: -1, text: '' }] },
      '`response.body.chunks[0].afterMs` must',
    ],
    [
      'response.body',
      { chunks: [{ afterMs: 0 }] },
      '`response.body.chunks[0]` must have exactly one',
    ],
    [
      'response.body',
      { frames: [], contentEncoding: 'br' },
      '`response.body.contentEncoding` cannot stand beside `frames`',
    ],
    [
      'response.body',
      { frames: [{ afterMs: 0, text: '' }] },
      '`response.body.frames[0].afterSent`',
    ],
    ['response.body', frame({}), '`response.body.frames[0]` must have exactly one'],
    ['response.body', frame({ type: 'pang', text: '' }), '`response.body.frames[0].type` must be'],
    [
      'response.body',
      frame({ type: 'end', text: '' }),
      '`response.body.frames[0].text` is not a field',
    ],
    [
      'response.body',
      frame({ code: 1, text: '' }),
      '`response.body.frames[0].code` is not a field',
    ],
    [
      'response.body',
      frame({ type: 'close', code: 65_536, text: '' }),
      '`response.body.frames[0].code` must',
    ],
    [
      'response.body',
      frame({ type: 'close', text: 'bye' }),
      '`response.body.frames[0]` must have a code',
    ],
    [
      'response.body',
      frame({ type: 'ping', text: 'x'.repeat(126) }),
      '`response.body.frames[0]` is too long for a ping',
    ],
  ])('%s: %j', (at, value, problem) => {
    const decode = (): unknown => decodeDocument(changed(at, value), path)
    expect(decode).toThrow(`Cannot read the cassette ${path}: ${problem}`)
    expect(decode).toThrow(expect.objectContaining({ code: 'ERR_CASSETTE_DECODE', path }))
  })
})

test('the place in a whole cassette has the number of the interaction', () => {
  const document = {
    cassette: 1,
    interactions: [full, full, full, changed('request.headers.0', 1)],
  }
  Reflect.deleteProperty(document.interactions[3] as object, 'cassette')
  expect(() => decodeDocument(document, path)).toThrow('`interactions[3].request.headers[0]`')
})

test.each([
  [null, 'it is not a cassette: it has no field `cassette`'],
  [[], 'it is not a cassette'],
  ['text', 'it is not a cassette'],
  [{ cassette: '1' }, '`cassette` must be 1'],
  [{ cassette: 0 }, '`cassette` must be 1'],
  [
    { cassette: 2 },
    'it was written by a newer Cassette, in version 2 of the format. This one reads',
  ],
  [{ cassette: 1 }, '`name` is missing'],
  [{ cassette: 1, interactions: {} }, '`interactions` must be a list'],
  [{ cassette: 1, interactions: [1] }, '`interactions[0]` must be an object'],
  [{ cassette: 1, interactions: [], more: 1 }, '`more` is not a field'],
  [{ cassette: 1, interactions: [{ cassette: 1 }] }, '`interactions[0].cassette` is not a field'],
])('%j is refused', (document, problem) => {
  expect(() => decodeDocument(document, path)).toThrow(
    `Cannot read the cassette ${path}: ${problem}`,
  )
})

test.each<RecordedBody>([
  { json: null },
  { text: '' },
  { base64: '' },
  { chunks: [] },
  {
    frames: [
      { afterMs: 0, afterSent: 0, text: '' },
      { afterMs: 0, afterSent: 0, base64: 'AA==' },
      { afterMs: 0, afterSent: 1, type: 'text', base64: 'AA==' },
      { afterMs: 0.5, afterSent: 1, type: 'binary', text: 'a' },
      { afterMs: 1, afterSent: 1, type: 'ping', text: '' },
      { afterMs: 1, afterSent: 1, type: 'pong', base64: 'AA==' },
      { afterMs: 1, afterSent: 1, type: 'close', text: '' },
      { afterMs: 1, afterSent: 1, type: 'close', code: 1000, text: 'bye' },
      { afterMs: 1, afterSent: 2, type: 'end' },
    ],
  },
  { base64: 'AA==', contentEncoding: 'gzip, br' },
])('the body %j is one', (body) => {
  const interaction = sampleInteraction({ body })
  expect(decodeDocument(interactionDocument(interaction), path).interactions).toStrictEqual([
    interaction,
  ])
})
