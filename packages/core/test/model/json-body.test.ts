import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { wireChunks } from '../../src/model/body.ts'
import { deepFreeze } from '../../src/model/deep-freeze.ts'
import { jsonBody, jsonBytes, jsonText } from '../../src/model/json-body.ts'

const text = '{"name":"Jörg","tags":["a",1.5,null]}'
const value: unknown = JSON.parse(text)

test('a body of JSON looks like plain data to whoever copies, compares or prints it', () => {
  const body = jsonBody(text)
  expect(body.json).toEqual(value)
  expect(JSON.stringify(body)).toBe(`{"json":${text}}`)
  expect(structuredClone(body)).toEqual({ json: value })
  expect({ ...body }).toEqual({ json: value })
  expect(isDeepStrictEqual(body, { json: value })).toBe(true)
  expect(isDeepStrictEqual(body, jsonBody('{}'))).toBe(false)
  expect(jsonBody('1', 'gzip')).toEqual({ contentEncoding: 'gzip', json: 1 })
})

test('what is done to its value leaves the body as it is', () => {
  const body = jsonBody('[1]')
  Object.assign(Object(body.json), [2])
  expect(body.json).toEqual([1])
})

test('the value of a frozen one is frozen', () => {
  const body = deepFreeze(jsonBody('{"a":[1]}'))
  expect(() => Object.assign(Object(body.json), { a: 2 })).toThrow(TypeError)
})

test('its text and bytes are those of the value, kept or plain', () => {
  for (const body of [jsonBody(text), structuredClone(jsonBody(text))]) {
    expect(jsonText(body)).toBe(text)
    expect(jsonBytes(body).toString()).toBe(text)
  }
})

test('what goes over the wire are the very bytes that are kept', () => {
  const body = jsonBody(text)
  const [chunk] = wireChunks(body)
  expect(chunk?.bytes).toBe(jsonBytes(body))
  expect(jsonBytes(body).buffer.byteLength).toBe(Buffer.byteLength(text))
})
