import { expect, test } from 'vitest'
import { urlMatchers } from '../../../src/model/matchers/url.ts'
import { sampleRequest } from '../sample-request.ts'

function keys(url: string): Record<string, string> {
  const request = sampleRequest({ url })
  return Object.fromEntries(
    Object.entries(urlMatchers).map(([name, [matcher]]) => [name, matcher!.key(request)]),
  )
}

test('each part of the URL has its key', () => {
  expect(keys('https://user:pw@API.example.com:8443/a/b%20c?q=1')).toEqual({
    scheme: 'https',
    host: 'api.example.com',
    port: '8443',
    path: '/a/b%20c',
  })
})

test.each([
  ['http', '80'],
  ['https', '443'],
])('the port of %s is %s where none is written', (scheme, port) => {
  expect(keys(`${scheme}://a.test`)).toEqual(keys(`${scheme}://a.test:${port}/`))
  expect(keys(`${scheme}://a.test`)['port']).toBe(port)
})

test('an IPv6 host keeps its brackets', () => {
  expect(keys('http://[::1]:3000/')['host']).toBe('[::1]')
})

test('a matcher bears the name of its part', () => {
  for (const [name, matchers] of Object.entries(urlMatchers)) {
    expect(matchers.map((matcher) => matcher.name)).toEqual([name])
  }
})
