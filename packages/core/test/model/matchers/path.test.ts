import { expect, test } from 'vitest'
import { path } from '../../../src/model/matchers/path.ts'
import { sampleRequest } from '../sample-request.ts'

const key = (pattern: RegExp, replacement: string, text: string) =>
  path(pattern, replacement).key(sampleRequest({ url: `https://a.test${text}` }))

test('every match is replaced as a whole, with the flag g or without', () => {
  expect(key(/\/users\/\d+/, ':id', '/users/7/friends')).toBe(':id/friends')
  expect(key(/\d+/, ':id', '/users/7/friends/8')).toBe('/users/:id/friends/:id')
  expect(key(/\d+/g, ':id', '/users/7/friends/8')).toBe('/users/:id/friends/:id')
})

test('groups stand for themselves in the replacement', () => {
  expect(key(/(\/users\/)\d+/, '$1:id', '/users/7')).toBe('/users/:id')
  expect(key(/(?<=\/users\/)\d+/, ':id', '/users/7/posts/8')).toBe('/users/:id/posts/8')
})

test('the replacement may keep what is common', () => {
  for (const id of [7, 8]) {
    expect(key(/\/users\/\d+/, '/users/:id', `/users/${id}/posts`)).toBe('/users/:id/posts')
    expect(key(/(?<=\/users\/)\d+/, ':id', `/users/${id}/posts`)).toBe('/users/:id/posts')
  }
})

test('a path that the pattern does not match stays as it is', () => {
  expect(key(/\/users\/\d+/, ':id', '/users/me')).toBe('/users/me')
})

test('the pattern sees the path percent-encoded and without the query', () => {
  expect(key(/%20/, '_', '/a b?q=%20')).toBe('/a_b')
  expect(key(/q/, '!', '/a?q=1')).toBe('/a')
})

test('a pattern that keeps its place between matches gives the same key every time', () => {
  const matcher = path(/\d+/g, ':id')
  const request = sampleRequest({ url: 'https://a.test/users/7' })
  expect([matcher.key(request), matcher.key(request)]).toEqual(['/users/:id', '/users/:id'])
})

test.each([
  ['a text', '/users/', ':id', "Invalid pattern of path(): '/users/'. Use a RegExp"],
  ['no replacement', /\d+/, undefined, 'Invalid replacement of path(): undefined. Use a string'],
])('path() with %s is an OptionError', (_, pattern, replacement, message) => {
  expect(() => path(pattern as RegExp, replacement as string)).toThrow(message)
})
