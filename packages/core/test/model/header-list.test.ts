import { expect, test } from 'vitest'
import { headerValue, headerValues, isJson, mediaType } from '../../src/model/header-list.ts'

test('a header is found whatever its case, its values in the order they stood in', () => {
  const headers = [
    ['X-Zeta', '1'],
    ['Other', '2'],
    ['x-zeta', '3'],
  ] as const

  expect(headerValues(headers, 'X-ZETA')).toEqual(['1', '3'])
  expect(headerValue(headers, 'x-Zeta')).toBe('1, 3')
})

test('an absent header has no value, an empty one the empty value', () => {
  expect(headerValues([], 'accept')).toEqual([])
  expect(headerValue([], 'accept')).toBeUndefined()
  expect(headerValue([['Accept', '']], 'accept')).toBe('')
})

test('the media type is lower-cased and has no parameters', () => {
  expect(mediaType([['content-TYPE', 'Application/JSON ; charset=UTF-8']])).toBe('application/json')
  expect(mediaType([])).toBe('')
})

test.each(['application/json', 'application/problem+json', 'application/vnd.api+json'])(
  '%s is JSON',
  (type) => {
    expect(isJson(type)).toBe(true)
  },
)

test.each(['', 'text/plain', 'application/jsonl', 'application/x-ndjson', 'application/json5'])(
  '"%s" is not JSON',
  (type) => {
    expect(isJson(type)).toBe(false)
  },
)
