import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { OptionError } from '../../src/model/errors/option-error.ts'
import { matcherSet, type BuiltInMatcher, type MatchOptions } from '../../src/model/matcher-set.ts'
import type { Matcher } from '../../src/model/matcher.ts'

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
  expect(matchers.find(({ name }) => name === 'tenant')).toBe(tenant)
  expect(matchers).toHaveLength(2)
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
