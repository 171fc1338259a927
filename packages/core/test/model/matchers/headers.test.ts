import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultMatchHeaders, headers } from '../../../src/model/matchers/headers.ts'
import type { HeaderList } from '../../../src/model/header-list.ts'
import { storedRequest } from '../../../src/model/stored-request.ts'
import { sampleRequest } from '../sample-request.ts'

const matcher = headers(defaultMatchHeaders)

function key(...list: HeaderList): string {
  return matcher.key(sampleRequest({ headers: list }))
}

test('each of the headers in force makes a difference', () => {
  const keys = defaultMatchHeaders.map((name) => key([name, 'some/value']))
  expect(new Set([...keys, key()]).size).toBe(defaultMatchHeaders.length + 1)
})

test('other headers make none', () => {
  const others = fc
    .string({ unit: fc.constantFrom('a', 'x', '-', 'T'), minLength: 1 })
    .filter((name) => !defaultMatchHeaders.includes(name.toLowerCase()))
  fc.assert(
    fc.property(others, fc.string(), (name, value) => {
      expect(key([name, value])).toBe('')
    }),
  )
  for (const name of ['Authorization', 'Cookie', 'X-Api-Key', 'X-Client-Id', 'Referer', 'Origin']) {
    expect(key([name, 'some value'])).toBe('')
  }
})

test('neither the order nor the case of names matters', () => {
  expect(key(['Accept', 'text/html'], ['Range', 'bytes=0-1'])).toBe(
    key(['range', 'bytes=0-1'], ['ACCEPT', 'text/html']),
  )
})

test('the values of a doubled header count in their order', () => {
  expect(key(['Prefer', 'a'], ['prefer', 'b'])).toBe(key(['Prefer', 'a, b']))
  expect(key(['Prefer', 'a'], ['prefer', 'b'])).not.toBe(key(['Prefer', 'b, a']))
})

test('to accept anything is to say nothing', () => {
  expect(key(['Accept', '*/*'], ['Accept-Language', '*'])).toBe(key())
  expect(key(['Accept', '*'])).not.toBe(key())
  expect(key(['Accept', 'text/html, */*'])).not.toBe(key(['Accept', 'text/html']))
})

test('an empty header is as good as none', () => {
  expect(key(['Accept', ''], ['Content-Type', ''])).toBe(key())
})

test('the content type counts by its media type alone', () => {
  const json = key(['Content-Type', 'application/json'])
  expect(key(['content-type', 'Application/JSON; charset=utf-8'])).toBe(json)
  expect(key(['Content-Type', 'application/problem+json'])).not.toBe(json)
  expect(key(['Content-Type', 'multipart/form-data; boundary=a'])).toBe(
    key(['Content-Type', 'multipart/form-data; boundary=b']),
  )
})

test.each([['accept'], [['content type']], [['']], [[1]], [undefined]])(
  'headers(%j) is an OptionError',
  (names) => {
    expect(() => headers(names as string[])).toThrow('Invalid headers()')
    expect(() => headers(names as string[])).toThrow('Use a list of header names')
  },
)

test('a header that is not stored by itself is stored where it is matched on', () => {
  const wanted = headers(['User-Agent'])
  const request = (agent: string) =>
    storedRequest(
      { method: 'GET', url: 'https://a.test/', headers: [['user-agent', agent]] },
      Buffer.alloc(0),
      new Set(wanted.headers),
    )
  expect(wanted.key(request('one'))).not.toBe(wanted.key(request('other')))
})
