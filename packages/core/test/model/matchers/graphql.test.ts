import { expect, test } from 'vitest'
import { bodyMatcher } from '../../../src/model/matchers/body.ts'
import { graphql } from '../../../src/model/matchers/graphql.ts'
import { queryMatcher } from '../../../src/model/matchers/query.ts'
import { jsonRequest, sampleRequest, typedRequest } from '../sample-request.ts'

const [inQuery, inBody] = graphql()
const post = (value: unknown) => inBody!.key(jsonRequest(JSON.stringify(value)))
const get = (pairs: Readonly<Record<string, string>>) =>
  inQuery!.key(
    sampleRequest({ url: `https://a.test/graphql?${new URLSearchParams(pairs).toString()}` }),
  )

const compact = 'query Find($id:ID!){user(id:$id){name ...More}}fragment More on User{age}'
const pretty = `
  # Finds a user.
  query Find($id: ID!) {
    user(id: $id,) { # by its id
      name, ...More
    }
  }
  fragment More on User { age }
`

test('white space, commas and comments have no meaning in a document', () => {
  expect(post({ query: pretty })).toBe(post({ query: compact }))
  expect(get({ query: pretty })).toBe(get({ query: compact }))
  expect(post({ query: '\ufeff{a,b}' })).toBe(post({ query: '{ a\r\nb }' }))
})

test.each([
  ['a field', '{ab}', '{a b}'],
  ['an alias', '{a:b}', '{a b}'],
  ['the order of fields', '{a b}', '{b a}'],
  ['a string', '{a(b:"x y")}', '{a(b:"x  y")}'],
  ['a comma in a string', '{a(b:"x,y")}', '{a(b:"xy")}'],
  ['a hash in a string', '{a(b:"#x")}', '{a(b:"#y")}'],
  ['an escaped quote', String.raw`{a(b:"\" , c")}`, String.raw`{a(b:"\" c")}`],
  ['a block string', '{a(b:"""x "" y""")}', '{a(b:"""x""y""")}'],
  ['a number', '{a(b:1.5)}', '{a(b:15)}'],
  ['a directive', '{a @b}', '{a}'],
  ['the kind of operation', 'query{a}', 'mutation{a}'],
])('%s has a meaning', (_, one, other) => {
  expect(post({ query: one })).toMatch(/^graphql:/)
  expect(post({ query: one })).not.toBe(post({ query: other }))
})

test('variables, operation name and extensions count by value', () => {
  const base = { query: compact, operationName: 'Find', variables: { id: 1, deep: { a: 1, b: 2 } } }
  const turned = {
    variables: { deep: { b: 2, a: 1 }, id: 1 },
    operationName: 'Find',
    query: pretty,
  }
  expect(post(turned)).toBe(post(base))
  for (const other of [
    { ...base, variables: { ...base.variables, id: 2 } },
    { ...base, variables: { ...base.variables, id: '1' } },
    { ...base, operationName: 'Other' },
    { ...base, extensions: { a: 1 } },
    { ...base, anything: 'else' },
  ]) {
    expect(post(other)).not.toBe(post(base))
  }
  expect(get({ query: compact, variables: '{"a":1,"b":2}' })).toBe(
    get({ variables: '{ "b": 2, "a": 1 }', query: pretty }),
  )
  expect(get({ query: compact, variables: '{"a":1}' })).not.toBe(
    get({ query: compact, variables: '{"a":2}' }),
  )
})

test('absent, null and empty say the same', () => {
  const bare = post({ query: '{a}' })
  expect(post({ query: '{a}', operationName: null, variables: {}, extensions: null })).toBe(bare)
  expect(get({ query: '{a}', operationName: '', variables: '{}' })).toBe(get({ query: '{ a }' }))
  expect(post({ query: '{a}', variables: { id: null } })).not.toBe(bare)
})

test('a batch counts in its order, each operation by its meaning', () => {
  expect(post([{ query: '{a}' }, { query: '{ b }' }])).toBe(
    post([{ query: '{ a }' }, { query: '{b}' }]),
  )
  expect(post([{ query: '{a}' }, { query: '{b}' }])).not.toBe(
    post([{ query: '{b}' }, { query: '{a}' }]),
  )
  expect(post([{ query: '{a}' }])).not.toBe(post({ query: '{a}' }))
})

test('a body that is a document is one', () => {
  const key = (text: string) => inBody!.key(typedRequest('application/graphql', text))
  expect(key(pretty)).toBe(key(compact))
  expect(key('{a}')).not.toBe(key('{b}'))
})

test('a persisted query in a URL counts by its hash and its variables', () => {
  const extensions = '{"persistedQuery":{"version":1,"sha256Hash":"ab"}}'
  const spaced = '{"persistedQuery": {"sha256Hash": "ab", "version": 1}}'
  expect(get({ extensions })).toBe(get({ extensions: spaced, variables: '{}' }))
  expect(get({ extensions })).not.toBe(get({ extensions: extensions.replace('ab', 'ac') }))
})

test.each([
  ['another query', '{"query":"cats  and dogs"}'],
  ['a query that begins like one', '{"query":"query  builder"}'],
  ['an unfinished document', '{"query":"{ a  { b }"}'],
  ['a broken string', String.raw`{"query":"{ a(b: \"x)  }"}`],
  ['a search of Elasticsearch', '{"query":{"match_all":{}}}'],
  ['a batch with something else in it', '[{"query":"{ a }"},1]'],
  ['an empty batch', '[]'],
  ['no query', '{"a":1}'],
  ['no object', '12345678901234567890'],
])('%s is compared as body does', (_, text) => {
  expect(inBody!.key(jsonRequest(text))).toBe(bodyMatcher.key(jsonRequest(text)))
})

test.each(['?query=cats++and+dogs', '?q=%7Ba%7D', ''])('%j is compared as query does', (search) => {
  const request = sampleRequest({ url: `https://a.test/${search}` })
  expect(inQuery!.key(request)).toBe(queryMatcher.key(request))
})
