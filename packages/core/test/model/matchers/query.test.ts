import { expect, test } from 'vitest'
import { query, queryMatcher } from '../../../src/model/matchers/query.ts'
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

const cut = (search: string, ...ignore: string[]) =>
  query({ ignore }).key(sampleRequest({ url: `https://a.test/${search}` }))

test('an ignored parameter may have any value, stand twice or be absent', () => {
  expect(cut('?t=1&a=1&t=2', 't')).toBe(cut('?a=1', 't'))
  expect(cut('?t', 't')).toBe(cut('', 't'))
  expect(cut('?b%5B%5D=1', 'b[]')).toBe(cut('', 'b[]'))
})

test('other parameters count, those whose name only looks like an ignored one too', () => {
  for (const search of ['?T=1', '?tt=1', '?a=t', '?t%20=1']) {
    expect(cut(search, 't')).not.toBe(cut('', 't'))
  }
})

test('query() without ignore is the built-in matcher', () => {
  expect(query().key(sampleRequest({ url: 'https://a.test/?b&a=' }))).toBe(key('?b&a='))
})

test.each([
  ['a text', 'timestamp', 'Invalid query()'],
  ['a list', ['timestamp'], 'Invalid query()'],
  ['an unknown option', { ignored: ['timestamp'] }, "Invalid option of query(): 'ignored'"],
  ['a text to ignore', { ignore: 'timestamp' }, "Invalid ignore of query(): 'timestamp'"],
  ['a number to ignore', { ignore: [1] }, 'Invalid ignore of query(): [ 1 ]'],
])('query() with %s is an OptionError', (_, options, message) => {
  expect(() => query(options as never)).toThrow(message)
})
