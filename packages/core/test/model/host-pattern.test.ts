import { expect, test } from 'vitest'
import { hostTest } from '../../src/model/host-pattern.ts'

test.each<[string | RegExp, string, boolean]>([
  ['api.example.com', 'https://api.example.com/users', true],
  ['API.Example.COM', 'https://api.example.com/', true],
  ['example.com', 'https://api.example.com/', false],
  ['api.example.com', 'https://api.example.com.evil.test/', false],
  ['*.example.com', 'https://api.example.com/', true],
  ['*.example.com', 'https://a.b.example.com:8443/', true],
  ['*.example.com', 'https://example.com/', false],
  ['*.example.com', 'https://notexample.com/', false],
  ['api.example.com:443', 'https://api.example.com/', true],
  ['api.example.com:443', 'http://api.example.com/', false],
  ['api.example.com:80', 'http://api.example.com/', true],
  ['*.example.com:8080', 'http://api.example.com:8080/', true],
  ['*.example.com:8080', 'http://api.example.com/', false],
  ['localhost:3000', 'http://localhost:3000/', true],
  ['localhost:3000', 'http://localhost:3001/', false],
  ['::1', 'http://[::1]:3000/', true],
  ['[::1]:3000', 'http://[::1]:3000/', true],
  ['[::1]:3000', 'http://[::1]:3001/', false],
  ['bücher.example', 'https://xn--bcher-kva.example/', true],
  [/^api\.example\.com$/, 'https://api.example.com/', true],
  [/:8080$/, 'http://api.example.com:8080/', true],
  [/\.EXAMPLE\.com$/i, 'http://api.example.com/', true],
  [/users/, 'https://api.example.com/users', false],
])('%s on %s: %s', (pattern, url, expected) => {
  expect(hostTest(pattern, 'ignoreHosts')(new URL(url))).toBe(expected)
})

test('a regular expression with a memory forgets', () => {
  const isHost = hostTest(/example/gy, 'ignoreHosts')
  const url = new URL('https://example.com')
  expect([isHost(url), isHost(url), isHost(url)]).toEqual([true, true, true])
})
