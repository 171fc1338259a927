import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cassetteName } from '../../src/model/cassette-name.ts'
import { matcherSet } from '../../src/model/matcher-set.ts'
import type { RecordedRequest } from '../../src/model/interaction.ts'
import { sampleRequest } from './sample-request.ts'

type Pair = readonly [key: string, value: string | null]
type Part = readonly [name: string, value: string, filename: string | null]
type Body =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'form'; readonly pairs: readonly Pair[] }
  | { readonly kind: 'parts'; readonly parts: readonly Part[] }

/** What a request says, apart from how it is written. */
interface Meaning {
  readonly method: string
  readonly origin: string
  readonly path: string
  readonly query: readonly Pair[]
  readonly accept: string | null
  readonly body: Body
}

// Few of each, so that two random requests are often the same or nearly so.
const keys = ['a', 'b', 'a[]', 'ä', 'a&b']
const words = fc.constantFrom('', '1', 'a', 'b=c', '100%', 'a b', 'é', 'e\u0301')
const pairs = fc.array(fc.tuple(fc.constantFrom(...keys), fc.oneof(words, fc.constant(null))), {
  maxLength: 3,
})
const { value: json } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(0, 1, '', '1', null, true, 1e21, 'é', 'e\u0301'),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b', '1', ''), tie('value'), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
}))
const parts = fc.array(
  fc.tuple(fc.constantFrom('a', 'b', 'file'), words, fc.constantFrom(null, 'x.png', 'y.png')),
  { maxLength: 3 },
)
const meanings: fc.Arbitrary<Meaning> = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  origin: fc.constantFrom('https://a.test', 'http://a.test', 'https://a.test:8443'),
  path: fc.constantFrom('/', '/a', '/A', '/a/'),
  query: pairs,
  accept: fc.constantFrom(null, 'text/html', 'application/json'),
  body: fc.oneof(
    fc.constant<Body>({ kind: 'none' }),
    json.map((value): Body => ({ kind: 'json', value })),
    // An empty form is no body at all.
    pairs.filter(({ length }) => length > 0).map((list): Body => ({ kind: 'form', pairs: list })),
    parts.map((list): Body => ({ kind: 'parts', parts: list })),
  ),
})

/** How a client writes a request: nothing in it has a meaning. */
interface Style {
  /** Keys in the order that they come in. */
  readonly order: readonly string[]
  readonly isSpaced: boolean
  readonly boundary: string
}

const styles: fc.Arbitrary<Style> = fc.record({
  order: fc.shuffledSubarray([...keys, 'file', '1', ''], { minLength: keys.length + 3 }),
  isSpaced: fc.boolean(),
  boundary: fc.constantFrom('one', '----WebKitFormBoundary7MA4', "a'b"),
})

function written(meaning: Meaning, style: Style): RecordedRequest {
  const { method, origin, path, query, accept } = meaning
  const { type, body } = writtenBody(meaning.body, style)
  const headers = [
    ...(accept === null ? [] : [[style.isSpaced ? 'Accept' : 'accept', accept] as const]),
    ...(type === '' ? [] : [[style.isSpaced ? 'Content-Type' : 'content-type', type] as const]),
    ['User-Agent', style.boundary] as const,
  ]
  const url = `${origin}${path}?${writtenPairs(query, style)}`
  return sampleRequest({
    method,
    url,
    headers: style.isSpaced ? headers.toReversed() : headers,
    body,
  })
}

function writtenBody(body: Body, style: Style): { type: string; body: string } {
  if (body.kind === 'none') return { type: '', body: '' }
  if (body.kind === 'json') {
    const charset = style.isSpaced ? '; charset=utf-8' : ''
    return { type: `application/json${charset}`, body: writtenJson(body.value, style) }
  }
  if (body.kind === 'form') {
    return { type: 'application/x-www-form-urlencoded', body: writtenPairs(body.pairs, style) }
  }
  const lines = inOrder(body.parts, style).map(
    ([name, value, filename]) =>
      `--${style.boundary}\r\nContent-Disposition: form-data; name="${name}"` +
      `${filename === null ? '' : `; filename="${filename}"`}\r\n\r\n${value}\r\n`,
  )
  return {
    type: `multipart/form-data; boundary="${style.boundary}"`,
    body: `${lines.join('')}--${style.boundary}--\r\n`,
  }
}

function writtenPairs(list: readonly Pair[], style: Style): string {
  const encode = (text: string) =>
    style.isSpaced ? encodeURIComponent(text).replaceAll('%20', '+') : encodeURIComponent(text)
  return inOrder(list, style)
    .map(([key, value]) => (value === null ? encode(key) : `${encode(key)}=${encode(value)}`))
    .join('&')
}

function writtenJson(value: unknown, style: Style): string {
  const space = style.isSpaced ? ' ' : ''
  if (Array.isArray(value)) {
    return `[${space}${value.map((item) => writtenJson(item, style)).join(`,${space}`)}]`
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = inOrder(Object.entries(value), style).map(
    ([key, child]) => `${JSON.stringify(key)}${space}:${writtenJson(child, style)}`,
  )
  return `{${entries.join(`${space},`)}}`
}

/** Those of one key keep their order. */
function inOrder<Entry extends readonly [string, ...unknown[]]>(
  list: readonly Entry[],
  { order }: Style,
): Entry[] {
  return list.toSorted(([one], [other]) => order.indexOf(one) - order.indexOf(other))
}

/** What a server gets to see. */
function seen(meaning: Meaning): unknown {
  const { body } = meaning
  const grouped = (list: readonly (readonly [string, ...unknown[]])[]) =>
    Object.groupBy(list, ([key]) => key)
  return {
    ...meaning,
    query: grouped(meaning.query),
    body:
      body.kind === 'form'
        ? { form: grouped(body.pairs) }
        : body.kind === 'parts'
          ? { parts: grouped(body.parts) }
          : body,
  }
}

const name = (meaning: Meaning, style: Style) => cassetteName(written(meaning, style), matcherSet())

test('a request has one name whatever the order of keys, pairs and parts and however it is written', () => {
  fc.assert(
    fc.property(meanings, styles, styles, (meaning, one, other) => {
      expect(name(meaning, one)).toBe(name(meaning, other))
    }),
    { numRuns: 500 },
  )
})

test('two requests have one name exactly when a server sees the same', () => {
  const alike = fc
    .tuple(meanings, meanings)
    // Random ones differ in nearly everything: most of what one says is taken from the other.
    .chain(([one, other]) =>
      fc
        .subarray(Object.keys(one) as (keyof Meaning)[], { maxLength: 2 })
        .map((changed): readonly [Meaning, Meaning] => [
          one,
          { ...one, ...Object.fromEntries(changed.map((key) => [key, other[key]])) },
        ]),
    )
  fc.assert(
    fc.property(alike, styles, styles, ([one, other], first, second) => {
      expect(name(one, first) === name(other, second)).toBe(
        isDeepStrictEqual(seen(one), seen(other)),
      )
    }),
    { numRuns: 1000 },
  )
})

test.each([
  ['a composed and a decomposed letter in a path', '/\u00e9', '/e\u0301'],
  ['a composed and a decomposed letter in a query', '/?a=\u00e9', '/?a=e\u0301'],
  ['a blank value and none', '/?a=', '/?a'],
  ['a parameter once and twice', '/?a=1', '/?a=1&a=1'],
  ['repeated parameters in another order', '/?a=1&a=2', '/?a=2&a=1'],
  ['a trailing slash', '/a', '/a/'],
])('%s are two requests', (_, one, other) => {
  const [first, second] = [one, other].map((path) =>
    cassetteName(sampleRequest({ url: `https://a.test${path}` }), matcherSet()),
  )
  expect(first).not.toBe(second)
})
