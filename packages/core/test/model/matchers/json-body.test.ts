import { expect, test } from 'vitest'
import { bodyMatcher } from '../../../src/model/matchers/body.ts'
import { jsonBody } from '../../../src/model/matchers/json-body.ts'
import { jsonRequest, typedRequest } from '../sample-request.ts'

const key = (value: unknown, ...ignore: string[]) =>
  jsonBody({ ignore }).key(jsonRequest(JSON.stringify(value)))

test.each([
  ['a field', { id: 1, a: 1 }, { id: 2, a: 1 }, '/id'],
  ['a field that is absent', { id: 1, a: 1 }, { a: 1 }, '/id'],
  ['a field that holds an object', { meta: { at: 1 }, a: 1 }, { meta: 'x', a: 1 }, '/meta'],
  ['a field of a field', { a: { id: 1, b: 2 } }, { a: { id: 9, b: 2 } }, '/a/id'],
  ['a place in an array', [1, 2, 3], [9, 2, 3], '/0'],
  ['a field of every item', [{ t: 1 }, { t: 2 }], [{ t: 3 }, { t: 4 }], '/*/t'],
  ['a field of every field', { a: { t: 1 }, b: { t: 2 } }, { a: { t: 3 }, b: {} }, '/*/t'],
  ['every item', { list: [1, 2] }, { list: [3] }, '/list/*'],
  ['everything', { a: 1 }, [2], ''],
  ['a key with a slash', { 'a/b': 1 }, { 'a/b': 2 }, '/a~1b'],
  ['a key with a tilde', { 'a~b': 1 }, { 'a~b': 2 }, '/a~0b'],
  ['an empty key', { '': 1 }, { '': 2 }, '/'],
])('%s that is ignored makes no difference', (_, one, other, pointer) => {
  expect(key(one, pointer)).toBe(key(other, pointer))
  expect(key(one)).not.toBe(key(other))
})

test.each([
  ['another field', { id: 1, a: 1 }, { id: 1, a: 2 }, '/id'],
  ['a field of the same name elsewhere', { a: { id: 1 } }, { a: { id: 2 } }, '/id'],
  ['another place', [1, 2], [1, 3], '/0'],
  ['a place that is written with a zero', [1, 2], [9, 2], '/00'],
  ['the number of items', [{ t: 1 }], [{ t: 1 }, { t: 1 }], '/*/t'],
  ['an object for an array', { a: { 0: 1 } }, { a: [1] }, '/b'],
  ['what is left of an object', { a: { id: 1 } }, {}, '/a/id'],
  ['a long number', [1], [2], '/0/digits'],
])('%s makes a difference', (_, one, other, pointer) => {
  expect(key(one, pointer)).not.toBe(key(other, pointer))
})

test('every pointer counts on the body as it came', () => {
  expect(key([1, 2, 3], '/0', '/1')).toBe(key([8, 9, 3], '/0', '/1'))
  expect(key([1, 2, 3], '/0', '/1')).not.toBe(key([1, 2, 4], '/0', '/1'))
})

test('long numbers beside an ignored field stay exact', () => {
  const request = (digits: string) => jsonRequest(`{"id":${digits},"t":1}`)
  const matcher = jsonBody({ ignore: ['/t'] })
  expect(matcher.key(request('9007199254740993'))).not.toBe(
    matcher.key(request('9007199254740992')),
  )
})

test('JSON objects and arrays count as JSON whatever their type says', () => {
  const matcher = jsonBody({ ignore: ['/id'] })
  for (const type of ['text/plain', 'application/x-amz-json-1.1', 'text/json']) {
    expect(matcher.key(typedRequest(type, ' {"id":1,"a":1}'))).toBe(
      matcher.key(jsonRequest('{"a":1,"id":2}')),
    )
  }
})

test.each([
  ['a form', 'application/x-www-form-urlencoded', 'b=2&a=1'],
  ['text', 'text/plain', 'id=1'],
  ['a number as text', 'text/plain', '1.0'],
  ['broken JSON', 'application/json', '{"id":'],
  ['text with a brace', 'text/plain', '{{ id }}'],
  ['bytes', 'application/octet-stream', new Uint8Array([0x7b, 0xff])],
  ['nothing', 'application/json', ''],
])('%s is compared as body does', (_, type, body) => {
  const request = typedRequest(type, body)
  expect(jsonBody({ ignore: ['/id'] }).key(request)).toBe(bodyMatcher.key(request))
})

test.each(['id', '/a~2'])('the pointer %j is an OptionError', (pointer) => {
  const make = () => jsonBody({ ignore: ['/fine', pointer] })
  expect(make).toThrow(`Invalid ignore of jsonBody(): '${pointer}'. Use a list of JSON Pointers`)
})
