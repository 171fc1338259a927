import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { withEdits } from '../../../src/model/edit-text.ts'
import { redactCookies, redactSetCookie } from '../../../src/model/redaction/secret-headers.ts'
import { findInJson } from '../../../src/model/redaction/secret-json.ts'
import { isSecretName } from '../../../src/model/redaction/secret-names.ts'
import { redactPairs } from '../../../src/model/redaction/secret-pairs.ts'
import {
  findBarePairs,
  findInMarkup,
  findQuotedPairs,
} from '../../../src/model/redaction/secret-text.ts'
import type { Secrets } from '../../../src/model/redaction/secrets.ts'
import { anyText } from '../any-text.ts'

function secretsHiddenBy(hide: Secrets['hide']): Secrets {
  return { isSecret: isSecretName, hide }
}

/** Shows what was taken for a secret. */
const show = secretsHiddenBy((place, name, value) => `<${place} ${name}: ${value}>`)
const mask = secretsHiddenBy(() => 'X')
const nothingToHide = secretsHiddenBy((place, name) => {
  throw new Error(`${place} ${name} was taken for a secret`)
})

function redactJson(text: string, secrets: Secrets): string {
  return withEdits(text, findInJson(text, secrets))
}

const plainName = fc.constantFrom(
  'a',
  'id',
  'next_token',
  'a"b',
  'key: "token"',
  '\\',
  'max_tokens',
)
const secretName = fc.constantFrom('token', 'api_key', 'clientSecret', 'PASSWORD')
const scalar = fc.oneof(
  anyText,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(null, true, '"token":"a"', '\\"', 'a\nb', 7),
)

function tree(names: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  return fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      scalar,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(names, tie('value'), { maxKeys: 4 }),
    ),
  })).value
}

function masked(value: unknown, isSecret: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => masked(item, isSecret))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        masked(item, ['token', 'api_key', 'clientSecret', 'PASSWORD'].includes(key)),
      ]),
    )
  }
  const hides = isSecret && value !== '' && (typeof value === 'string' || typeof value === 'number')
  return hides ? 'X' : value
}

const indents = fc.constantFrom(undefined, 2, '\t', '\r\n ')

test('JSON without secret names stays as it is, to the byte', () => {
  fc.assert(
    fc.property(tree(plainName), indents, (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      expect(redactJson(text, nothingToHide)).toBe(text)
    }),
  )
})

test('JSON with secrets keeps its shape, whatever the depth', () => {
  fc.assert(
    fc.property(tree(fc.oneof(plainName, secretName)), indents, (value, indent) => {
      const redacted = redactJson(JSON.stringify(value, null, indent), mask)
      expect(JSON.parse(redacted)).toEqual(masked(JSON.parse(JSON.stringify(value)), false))
    }),
  )
})

test('every byte of JSON but the secret stays', () => {
  const text = '{ "id" : 1.0, "n": [ {"api_key"\t:\n"s\\u00e9c\\"ret" , "x":1E2} ]\r\n}'
  expect(redactJson(text, show)).toBe(
    '{ "id" : 1.0, "n": [ {"api_key"\t:\n"<field api_key: séc\\"ret>" , "x":1E2} ]\r\n}',
  )
})

test.each([
  ['a number', '{"password":-1.5e3,"a":1}', '{"password":"<field password: -1.5e3>","a":1}'],
  ['an escaped name', '{"pass\\u0077ord":"x"}', '{"pass\\u0077ord":"<field password: x>"}'],
  [
    'the last of many',
    '{"a":"b","c":["d"],"token":"e"}',
    '{"a":"b","c":["d"],"token":"<field token: e>"}',
  ],
  [
    'a name within a secret',
    '{"auth":{"user":"u","secret":"s"}}',
    '{"auth":{"user":"u","secret":"<field secret: s>"}}',
  ],
  ['an event stream', 'data: {"token":"t"}\n\n', 'data: {"token":"<field token: t>"}\n\n'],
  [
    'lines',
    '{"token":"t"}\n{"token":"u"}\n',
    '{"token":"<field token: t>"}\n{"token":"<field token: u>"}\n',
  ],
  [
    'a list',
    '{"token":["a", 1, ["b"]]}',
    '{"token":["<field token: a>", "<field token: 1>", ["<field token: b>"]]}',
  ],
  [
    'an object in a list',
    '{"token":[{"id":"a","secret":"b"}],"c":"d"}',
    '{"token":[{"id":"a","secret":"<field secret: b>"}],"c":"d"}',
  ],
  [
    'JSON in a string',
    '{"a":"{\\"password\\":\\"x\\"}","b":"{}"}',
    '{"a":"{\\"password\\":\\"<field password: x>\\"}","b":"{}"}',
  ],
  [
    'JSON in JSON in a string',
    JSON.stringify({ a: JSON.stringify([JSON.stringify({ token: 't' })]) }),
    JSON.stringify({ a: JSON.stringify([JSON.stringify({ token: '<field token: t>' })]) }),
  ],
  [
    'what follows a stray quote',
    'data: 5" wide\ndata: {"token":"t"}\n',
    'data: 5" wide\ndata: {"token":"<field token: t>"}\n',
  ],
])('a secret in JSON is hidden: %s', (_, text, redacted) => {
  expect(redactJson(text, show)).toBe(redacted)
})

test.each([
  '{"token":""}',
  '{"token":null,"password":true}',
  '{"next_token":"abc","nextPageToken":"def","page_token":"ghi"}',
  '{"usage":{"total_tokens":12}}',
  '["token","abc"]',
  '{"a":"token","b":"c"}',
  '"token"',
  '{"a":"\\\\\\"token\\":\\"x\\""}',
  '',
  'no JSON at all "',
])('%s holds no secret', (text) => {
  expect(redactJson(text, nothingToHide)).toBe(text)
})

test('a very long string is no obstacle', () => {
  const long = 'A'.repeat(20_000_000)
  expect(redactJson(`{"b64_json":"${long}","token":"t"}`, mask)).toBe(
    `{"b64_json":"${long}","token":"X"}`,
  )
})

test.each([
  ['a secret', 'a=1&api_key=abc&b=2', 'a=1&api_key=<query api_key: abc>&b=2'],
  ['an encoded name', 'api%5Fkey=abc', 'api%5Fkey=<query api_key: abc>'],
  ['an encoded value', 'token=a%2Fb+c', 'token=<query token: a/b c>'],
  ['a value that cannot be decoded', 'token=%zz', 'token=<query token: %zz>'],
  ['a value with =', 'sig=YQ==', 'sig=<query sig: YQ==>'],
  ['each of a repeated key', 'key=1&key=2', 'key=<query key: 1>&key=<query key: 2>'],
  ['a field of a field', 'user[password]=x', 'user[password]=<query user[password]: x>'],
  ['a list', 'user%5Btoken%5D[]=x', 'user%5Btoken%5D[]=<query user[token][]: x>'],
])('a secret in pairs is hidden: %s', (_, text, redacted) => {
  expect(redactPairs(text, 'query', show)).toBe(redacted)
})

test.each([
  '',
  'a=1&b=%20+&&c',
  'token',
  'token=',
  'page_token=abc&pageToken=abc&next_token=abc',
  'q=token&sort=api_key',
  'filter[key]=x',
])('the pairs "%s" hold no secret', (text) => {
  expect(redactPairs(text, 'query', nothingToHide)).toBe(text)
})

test('key is a secret in a query and a word in a form', () => {
  expect(redactPairs('key=abc', 'query', mask)).toBe('key=X')
  expect(redactPairs('key=abc', 'field', nothingToHide)).toBe('key=abc')
})

test.each([
  ['long enough', 'id=12345678', 'id=<cookie id: 12345678>'],
  ['with a telling name', 'sid=1', 'sid=<cookie sid: 1>'],
  ['with = in it', 'jwt=a=b', 'jwt=<cookie jwt: a=b>'],
  ['beside others', 'theme=dark; sid=1; lang=en', 'theme=dark; sid=<cookie sid: 1>; lang=en'],
  ['without a space before it', 'a=b;sid=1;c=d', 'a=b;sid=<cookie sid: 1>;c=d'],
])('a cookie is hidden: %s', (_, header, redacted) => {
  expect(redactCookies(header, show)).toBe(redacted)
})

test.each(['theme=dark', 'a=1234567; lang=en', 'sid=', 'flag', ''])(
  'the cookies "%s" stay',
  (header) => {
    expect(redactCookies(header, nothingToHide)).toBe(header)
    expect(redactSetCookie(header, nothingToHide)).toBe(header)
  },
)

test('the attributes of a cookie stay', () => {
  const attributes = '; Path=/long/enough/path; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly'

  expect(redactSetCookie(`session=a.b${attributes}`, mask)).toBe(`session=X${attributes}`)
  expect(redactSetCookie(`theme=dark${attributes}`, mask)).toBe(`theme=dark${attributes}`)
  expect(redactSetCookie('sid=a', mask)).toBe('sid=X')
})

test('the tokens of a language model are no credentials', () => {
  const text = '{"content":[{"token":"Hello","logprob":-0.1},{"token" : "there" , "logprob":-0.2}]}'

  expect(redactJson(text, mask)).toBe(text)
})

test.each([
  [
    'GraphQL',
    'mutation { login(user: "u", password: "x y") { id } }',
    'password: "<field password: x y>"',
  ],
  [
    'GraphQL in JSON',
    String.raw`{"query":"{ login(password: \"x\") }"}`,
    String.raw`password: \"<field password: x>\"`,
  ],
  ['a script', "const token = 'abc'", "token = '<field token: abc>'"],
  ['an attribute', '<user name="n" password="a&amp;b"/>', 'password="<field password: a&b>"'],
])('the quoted value of a secret name is hidden: %s', (_, text, redacted) => {
  expect(withEdits(text, findQuotedPairs(text, show))).toContain(redacted)
})

test.each(['page_token: "abc"', '{"token":"abc"}', 'token: abc', 'name="password" id=\'token\''])(
  '%s has no quoted secret',
  (text) => {
    expect(findQuotedPairs(text, nothingToHide)).toEqual([])
  },
)

test.each([
  ['of a log', 'user=u api_key=abc, next', 'user=u api_key=<field api_key: abc>, next'],
  ['of a file', 'password = x/y=z\nuser = u', 'password = <field password: x/y=z>\nuser = u'],
])('the bare value of a secret name is hidden: %s', (_, text, redacted) => {
  expect(withEdits(text, findBarePairs(text, show))).toBe(redacted)
})

test.each(['token == x', 'token=', 'the password: must be long', 'max_tokens=5'])(
  '"%s" has no bare secret',
  (text) => {
    expect(findBarePairs(text, nothingToHide)).toEqual([])
  },
)

test.each([
  [
    'an element',
    '<a><password>x &lt; y</password></a>',
    '<a><password><field password: x < y></password></a>',
  ],
  [
    'an element with a prefix and attributes',
    '<w:Password Type="text">\n  x\n</w:Password>',
    '>\n  <field Password: x>\n</w:Password>',
  ],
  ['character data', '<token><![CDATA[x]]></token>', '<token><![CDATA[<field token: x>]]></token>'],
  ['a form', '<input type="hidden" name="csrf_token" value="x">', 'value="<field csrf_token: x>"'],
  ['a page', "<meta content='x' name='csrf-token'>", "content='<field csrf-token: x>'"],
])('a secret in markup is hidden: %s', (_, text, redacted) => {
  expect(withEdits(text, findInMarkup(text, show))).toContain(redacted)
})

test.each([
  '<token></token>',
  '<token/>',
  '<next_token>a</next_token>',
  '<input name="user" value="x">',
])('%s holds no secret', (text) => {
  expect(findInMarkup(text, nothingToHide)).toEqual([])
})
