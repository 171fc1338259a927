import { expect, test } from 'vitest'
import { queryMatcher } from '../../../src/model/matchers/query.ts'
import { sampleRequest } from '../sample-request.ts'

function key(search: string): string {
  return queryMatcher.key(sampleRequest({ url: `https://user@a.test/path${search}` }))
}

test.each([
  ['?a=1&b=2', '?b=2&a=1'],
  ['?a=1&b=x&a=2', '?b=x&a=1&a=2'],
  ['?q=a%20b', '?q=a+b'],
  ['?q=%c3%a9', '?q=é'],
  ['?q=[1]', '?q=%5B1%5D'],
  ['?', ''],
])('%s is the same as "%s"', (one, other) => {
  expect(key(one)).toBe(key(other))
})

test.each([
  ['?a=1&a=2', '?a=2&a=1'],
  ['?a', '?a='],
  ['?a', ''],
  ['?a=1', '?A=1'],
  ['?a=1%262', '?a=1&2'],
  ['?a=%2B', '?a=+'],
  ['?a=b=c', '?a=b%3Dc=c'],
])('%s is another than "%s"', (one, other) => {
  expect(key(one)).not.toBe(key(other))
})
