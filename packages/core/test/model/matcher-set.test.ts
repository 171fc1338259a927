import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { MatcherError } from '../../src/model/errors/matcher-error.ts'
import { OptionError } from '../../src/model/errors/option-error.ts'
import { matcherSet, type BuiltInMatcher, type MatchOptions } from '../../src/model/matcher-set.ts'
import type { RecordedRequest } from '../../src/model/interaction.ts'
import { body } from '../../src/model/matchers/body.ts'
import { graphql } from '../../src/model/matchers/graphql.ts'
import { headers } from '../../src/model/matchers/headers.ts'
import { jsonBody } from '../../src/model/matchers/json-body.ts'
import { path } from '../../src/model/matchers/path.ts'
import { query } from '../../src/model/matchers/query.ts'
import type { Matcher } from '../../src/model/matcher.ts'
import { sampleRequest } from './sample-request.ts'

const parts = ['method', 'scheme', 'host', 'port', 'path', 'query', 'headers', 'body'] as const
const tenant: Matcher = { name: 'tenant', key: ({ url }) => url.slice(0, 9) }

function names(options?: MatchOptions): string[] {
  return matcherSet(options).matchers.map(({ name }) => name)
}

test('everything but other headers counts by default', () => {
  expect(names()).toEqual(parts.toSorted())
  expect(matcherSet().fingerprint).toBe(
    matcherSet({ matchOn: ['method', 'url', 'headers', 'body'] }).fingerprint,
  )
})

test('url stands for scheme, host, port, path and query', () => {
  expect(names({ matchOn: ['url'] })).toEqual(['host', 'path', 'port', 'query', 'scheme'])
  expect(matcherSet({ matchOn: ['url'] }).fingerprint).toBe(
    matcherSet({ matchOn: ['query', 'path', 'port', 'host', 'scheme'] }).fingerprint,
  )
})

test.each(parts)('%s can be the only matcher', (name) => {
  expect(names({ matchOn: [name] })).toEqual([name])
})

test('a matcher of the user stands beside the built-in ones', () => {
  const { matchers } = matcherSet({ matchOn: ['method', tenant] })
  expect(matchers.map((matcher) => matcher.key(sampleRequest()))).toEqual(['GET', 'https://a'])
})

test('a matcher may be an instance of a class', () => {
  class Tenant implements Matcher {
    readonly #length = 9
    get name() {
      return 'tenant'
    }
    key({ url }: RecordedRequest) {
      return url.slice(0, this.#length)
    }
  }
  const [matcher] = matcherSet({ matchOn: [new Tenant()] }).matchers
  expect(matcher).toMatchObject({ name: 'tenant' })
  expect(matcher!.key(sampleRequest())).toBe('https://a')
})

test('a set tells the headers that its matchers read, in lower case', () => {
  const matchOn = [{ ...tenant, headers: ['User-Agent'] }, headers(['Accept'])]
  expect([...matcherSet({ matchOn }).headers].toSorted()).toEqual(['accept', 'user-agent'])
})

test('a builder takes the place of a part of url', () => {
  expect(names({ matchOn: ['url', query({ ignore: ['t'] }), path(/\d+/, ':id')] })).toEqual(
    names({ matchOn: ['url'] }),
  )
  expect(names({ matchOn: [graphql(), 'url'] })).toEqual(names({ matchOn: ['url', 'body'] }))
})

test.each<[string, readonly NonNullable<MatchOptions['matchOn']>[]]>([
  [
    'jsonBody',
    [['body'], [jsonBody()], [jsonBody({ ignore: ['/a'] })], [jsonBody({ ignore: ['/b'] })]],
  ],
  ['query', [['query'], [query({ ignore: ['a'] })], [query({ ignore: ['a', 'b'] })]]],
  ['headers', [['headers'], [headers([])], [headers(['a'])], [headers(['a', 'b'])]]],
  ['path', [['path'], [path(/a/, '')], [path(/a/i, '')], [path(/b/, '')], [path(/a/, 'b')]]],
  ['graphql', [['query', 'body'], [graphql()]]],
  ['body', [['body'], [body('bytes')]]],
  ['a custom matcher', [[tenant], [{ ...tenant, config: 'a' }], [{ ...tenant, config: ['a'] }]]],
])('the fingerprint tells every configuration of %s', (_, all) => {
  const prints = all.map((matchOn) => matcherSet({ matchOn }).fingerprint)
  expect(new Set(prints).size).toBe(all.length)
})

test('the fingerprint tells neither the order of what is ignored nor repeats', () => {
  const print = (...ignore: string[]) =>
    matcherSet({ matchOn: [jsonBody({ ignore }), query({ ignore })] }).fingerprint
  expect(print('/b', '/a', '/b')).toBe(print('/a', '/b'))
  expect(matcherSet({ matchOn: [headers(['B', 'a'])] }).fingerprint).toBe(
    matcherSet({ matchOn: ['headers'], matchHeaders: ['a', 'b'] }).fingerprint,
  )
})

test.each<[string, Matcher['key'], string]>([
  [
    'throws',
    () => {
      throw new TypeError('no tenant')
    },
    'it threw TypeError: no tenant',
  ],
  ['returns nothing', () => undefined as unknown as string, 'it returned undefined'],
  ['is asynchronous', (async () => 'x') as unknown as Matcher['key'], 'it returned Promise'],
])('a matcher that %s is a MatcherError that names it and the request', (_, key, problem) => {
  const [matcher] = matcherSet({ matchOn: [{ name: 'tenant', key }] }).matchers
  const run = () => matcher!.key(sampleRequest())
  expect(run).toThrow(MatcherError)
  expect(run).toThrow(
    `The matcher 'tenant' failed for GET https://api.example.com/things: ${problem}`,
  )
  expect(run).toThrow('must return a string for every request')
})

test('the order in matchOn changes nothing', () => {
  const some = fc.shuffledSubarray([...parts, tenant], { minLength: 1 })
  fc.assert(
    fc.property(some, (matchOn) => {
      const turned = matchOn.toReversed()
      expect(names({ matchOn: turned })).toEqual(names({ matchOn }))
      expect(matcherSet({ matchOn: turned }).fingerprint).toBe(matcherSet({ matchOn }).fingerprint)
    }),
  )
})

test('the fingerprint is four hex digits and differs with the matchers', () => {
  const all: NonNullable<MatchOptions['matchOn']>[] = [
    ...parts.map((name) => [name]),
    ['url'],
    [tenant],
    parts,
    [...parts, tenant],
  ]
  const prints = all.map((matchOn) => matcherSet({ matchOn }).fingerprint)

  for (const print of prints) expect(print).toMatch(/^[0-9a-f]{4}$/)
  expect(new Set(prints).size).toBe(all.length)
})

test('the fingerprint changes with matchHeaders, neither with their order, case nor repeats', () => {
  const print = (...matchHeaders: string[]) => matcherSet({ matchHeaders }).fingerprint

  expect(print('Accept', 'range')).toBe(print('Range', 'accept', 'ACCEPT'))
  expect(print('accept')).not.toBe(print('accept', 'range'))
  expect(print('accept')).not.toBe(matcherSet().fingerprint)
})

test('matchHeaders count for nothing where the matcher headers is not in force', () => {
  const matchOn: BuiltInMatcher[] = ['method', 'url']
  expect(matcherSet({ matchOn, matchHeaders: ['x-tenant'] }).fingerprint).toBe(
    matcherSet({ matchOn }).fingerprint,
  )
})

const valid = 'any of method, scheme, host, port, path, query, url, headers, body, or a matcher'

test.each([
  ['an unknown name', ['method', 'uri'], "'uri'"],
  ['a name that every object has', ['toString'], "'toString'"],
  ['a matcher without a key', [{ name: 'tenant' }], "{ name: 'tenant' }"],
  ['a matcher without a name', [{ key: () => '' }], '{ key: [Function: key] }'],
  ['nothing in the list', [undefined], 'undefined'],
  ['a doubled matcher', ['body', 'method', 'body'], "'body'"],
  ['a matcher that url holds', ['url', 'path'], "'path'"],
  ['two of one name', ['method', tenant, { ...tenant }], "'tenant'"],
  ['a built-in name taken again', ['body', { ...tenant, name: 'body' }], "'body'"],
  ['a matcher with an empty name', [{ ...tenant, name: '' }], "{ name: '', key: [Function: key] }"],
  [
    'a config that is no text',
    [{ ...tenant, config: 1 }],
    "{ name: 'tenant', key: [Function: key], config: 1 }",
  ],
  ['a builder that was not called', [jsonBody], '[Function: jsonBody]'],
  ['two builders of one name', [jsonBody(), body('bytes')], "'body'"],
  ['an empty list', [], '[]'],
  ['no list', 'method', "'method'"],
  ['null', null, 'null'],
])('matchOn with %s is an OptionError that lists the valid ones', (_, matchOn, shown) => {
  const make = () => matcherSet({ matchOn } as unknown as MatchOptions)

  expect(make).toThrow(OptionError)
  expect(make).toThrow(`Invalid matchOn: ${shown}. Use `)
  expect(make).toThrow(valid)
})

test.each(['accept', null, [1], [undefined]])(
  'matchHeaders %j is an OptionError',
  (matchHeaders) => {
    const make = () => matcherSet({ matchHeaders } as unknown as MatchOptions)

    expect(make).toThrow(OptionError)
    expect(make).toThrow('Use a list of header names')
  },
)
