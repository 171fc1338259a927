import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  cassetteFileName,
  cassetteName,
  hashInFileName,
  hashInName,
} from '../../src/model/cassette-name.ts'
import type { HeaderList } from '../../src/model/header-list.ts'
import { matcherSet, type MatchOptions } from '../../src/model/matcher-set.ts'
import { anyText } from './any-text.ts'
import { jsonRequest, sampleRequest, typedRequest, type SampleRequest } from './sample-request.ts'

const octocat: SampleRequest = {
  url: 'https://api.github.com/users/octocat?page=2',
  headers: [['Accept', 'application/json']],
}

function name(sample: SampleRequest, options?: MatchOptions): string {
  return cassetteName(sampleRequest(sample), matcherSet(options))
}

test('a name tells scheme, method, host, port and path, and ends in its hash', () => {
  expect(name(octocat)).toMatch(/^https:GET api\.github\.com:443\/users\/octocat [0-9a-f]{16}$/)
})

test('names never change: cassettes in the world hold them', () => {
  expect(name(octocat)).toBe('https:GET api.github.com:443/users/octocat 58765f552e945df9')
  expect(
    cassetteName(jsonRequest('{"b":[1,{"c":null}],"a":12345678901234567890}'), matcherSet()),
  ).toBe('https:POST api.example.com:443/things 85ac23a71f5035ee')
  expect(
    cassetteName(typedRequest('application/x-www-form-urlencoded', 'b=2&a=1&a'), matcherSet()),
  ).toBe('https:POST api.example.com:443/things 3c449479f97e5b24')
})

test.each<[MatchOptions['matchOn'], RegExp]>([
  [['method'], /^GET \w{16}$/],
  [['scheme'], /^https \w{16}$/],
  [['host'], /^api\.github\.com \w{16}$/],
  [['port'], /^:443 \w{16}$/],
  [['path'], /^\/users\/octocat \w{16}$/],
  [['query'], /^\w{16}$/],
  [['headers', 'body'], /^\w{16}$/],
  [['method', 'path'], /^GET \/users\/octocat \w{16}$/],
  [['scheme', 'host'], /^https api\.github\.com \w{16}$/],
  [['host', 'port'], /^api\.github\.com:443 \w{16}$/],
  [['url'], /^https api\.github\.com:443\/users\/octocat \w{16}$/],
])('with matchOn %j only keys in force appear', (matchOn, shape) => {
  expect(name(octocat, { matchOn: matchOn! })).toMatch(shape)
})

test('only what is matched on makes a difference', () => {
  const other = { ...octocat, url: 'https://api.github.com/users/octocat?page=3' }

  expect(name(other)).not.toBe(name(octocat))
  expect(name(other, { matchOn: ['method', 'path'] })).toBe(
    name(octocat, { matchOn: ['path', 'method'] }),
  )
})

test('a part that moves from one matcher to another makes another name', () => {
  const [one, other] = ['ab', 'ba'].map((order) =>
    cassetteName(
      sampleRequest(),
      matcherSet({
        matchOn: [
          { name: order[0]!, key: () => 'x' },
          { name: order[1]!, key: () => 'y' },
        ],
      }),
    ),
  )
  expect(one).not.toBe(other)
})

test('a request has one name, however a client writes it', () => {
  const write = (headers: HeaderList, body: string, search: string) =>
    name({ url: `https://api.example.com/things${search}`, headers, body })

  const fetched = write(
    [
      ['accept', '*/*'],
      ['content-type', 'application/json'],
      ['user-agent', 'node'],
    ],
    '{"a":1,"b":[true]}',
    '?x=1&y=2',
  )
  const requested = write(
    [
      ['Host', 'api.example.com:443'],
      ['Content-Type', 'application/json; charset=utf-8'],
      ['X-Request-Id', '4711'],
    ],
    '{"b": [true], "a": 1}',
    '?y=2&x=1#top',
  )
  expect(requested).toBe(fetched)
})

test('whatever differs in a request makes another name', () => {
  const type = ['Content-Type', 'application/json'] as const
  const base = { url: 'https://a.test/x?q=1', method: 'POST', headers: [type], body: '{"a":[1]}' }
  const names = [
    base,
    { ...base, method: 'PUT' },
    { ...base, url: 'http://a.test/x?q=1' },
    { ...base, url: 'https://b.test/x?q=1' },
    { ...base, url: 'https://a.test:444/x?q=1' },
    { ...base, url: 'https://a.test/X?q=1' },
    { ...base, url: 'https://a.test/x/?q=1' },
    { ...base, url: 'https://a.test/x?q=2' },
    { ...base, url: 'https://a.test/x' },
    { ...base, body: '{"a":{"0":1}}' },
    { ...base, body: '' },
    { ...base, headers: [] },
    { ...base, headers: [type, ['Accept', 'text/html']] as const },
  ].map((sample) => name(sample))

  expect(new Set(names).size).toBe(names.length)
})

test('a file name is the name with every doubtful character as _', () => {
  const named = 'https:GET api.github.com:443/users/octocat 5f2c9e01ab34cd78'
  const file = 'https_GET_api.github.com_443_users_octocat_5f2c9e01ab34cd78'

  expect(cassetteFileName(named, 1, '.json')).toBe(`${file}.json`)
  expect(cassetteFileName(named, 2, '.json')).toBe(`${file}_2.json`)
  expect(cassetteFileName(named, 13, '.yaml')).toBe(`${file}_13.yaml`)
  expect(cassetteFileName('5f2c9e01ab34cd78', 1, '.json')).toBe('5f2c9e01ab34cd78.json')
})

test.each([
  ['a hidden file', '.env', '_env'],
  ['the folder above', '../../etc', '_._.._etc'],
  ['a Windows device', 'con.example', '_con.example'],
  ['a numbered Windows device', 'LPT1.example', '_LPT1.example'],
])('a name is never %s', (_, readable, safe) => {
  const hash = '5f2c9e01ab34cd78'
  expect(cassetteFileName(`${readable} ${hash}`, 1, '.json')).toBe(`${safe}_${hash}.json`)
})

test('a long name is cut before its hash', () => {
  const long = name({ url: `https://api.example.com/${'a'.repeat(500)}` })
  const file = cassetteFileName(long, 12, '.json')

  expect(file).toHaveLength(180)
  expect(file).toMatch(/a_[0-9a-f]{16}_12\.json$/)
  expect(hashInFileName(file)).toBe(hashInName(long))
})

/** Legal on Linux, macOS and Windows, and no trouble for a shell. */
function expectLegal(file: string): void {
  expect(file).toMatch(/^[A-Za-z0-9_-][A-Za-z0-9._-]*\.(json|yaml|yml)$/)
  expect(Buffer.byteLength(file)).toBeLessThanOrEqual(180)
  expect(file).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i)
}

const anyMatchOn = fc.subarray(
  ['method', 'scheme', 'host', 'port', 'path', 'query', 'headers', 'body'] as const,
  { minLength: 1 },
)
const anyUrl = fc.oneof(
  fc.webUrl({ withQueryParameters: true, size: 'medium' }),
  fc
    .tuple(fc.constantFrom('con.test', 'nul.aux', '[::1]:8080', 'ä.test', '127.0.0.1'), anyText)
    .map(([host, path]) => new URL(`http://${host}/${path}`).href),
)
const anyMethod = fc.oneof(fc.constantFrom('GET', 'CON', 'M-SEARCH'), fc.string({ minLength: 1 }))
const anyPlace = fc.integer({ min: 1, max: 999_999_999 })
const anyExtension = fc.constantFrom('.json', '.yaml', '.yml')

test('any request gets a legal file name that tells its hash', () => {
  fc.assert(
    fc.property(
      anyUrl,
      anyMethod,
      anyMatchOn,
      anyPlace,
      anyExtension,
      (url, method, matchOn, place, extension) => {
        const named = name({ url, method }, { matchOn })
        const file = cassetteFileName(named, place, extension)

        expectLegal(file)
        expect(hashInFileName(file)).toBe(hashInName(named))
        expect(hashInFileName(file.toLowerCase())).toBe(hashInName(named))
      },
    ),
    { numRuns: 300 },
  )
})

test('any key of any matcher makes a legal file name', () => {
  const keys = fc.oneof(anyText, fc.constantFrom('con.', '.', '..', 'a b', ''))
  fc.assert(
    fc.property(keys, keys, (host, path) => {
      const matchOn = [
        { name: 'host', key: () => host },
        { name: 'path', key: () => path },
      ]
      const named = name({}, { matchOn })
      const file = cassetteFileName(named, 1, '.json')

      expectLegal(file)
      expect(hashInFileName(file)).toBe(hashInName(named))
    }),
  )
})

test('different requests get different file names, compared without case', () => {
  const longUrl = fc.string({
    unit: fc.constantFrom('a', 'A', '_', '.'),
    minLength: 160,
    maxLength: 200,
  })
  fc.assert(
    fc.property(fc.uniqueArray(longUrl, { minLength: 2, maxLength: 5 }), (paths) => {
      const files = paths.map((path) =>
        cassetteFileName(name({ url: `https://a.test/p${path}` }), 1, '.json').toLowerCase(),
      )
      expect(new Set(files).size).toBe(paths.length)
    }),
  )
})

test('a hash is told from a path, a place and another hash beside it', () => {
  const hashes = fc.string({
    unit: fc.constantFrom(...'0123456789ab'.split('')),
    minLength: 16,
    maxLength: 16,
  })
  const digits = fc.string({
    unit: fc.constantFrom(...'0123456789'.split('')),
    minLength: 16,
    maxLength: 16,
  })
  fc.assert(
    fc.property(hashes, fc.oneof(hashes, digits), anyPlace, (path, hash, place) => {
      const file = cassetteFileName(`https:GET a.test:443/${path} ${hash}`, place, '.json')
      expect(hashInFileName(file)).toBe(hash)
    }),
  )
})

test.each([
  'README.md',
  'package.json',
  'notes_123.json',
  '5f2c9e01ab34cd7.json',
  'x5f2c9e01ab34cd78.json',
])('%s is no interaction', (file) => {
  expect(hashInFileName(file)).toBeUndefined()
})
