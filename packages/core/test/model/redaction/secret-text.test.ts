import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  redactCookies,
  redactJson,
  redactPairs,
  redactSetCookie,
  type Hide,
} from '../../../src/model/redaction/secret-text.ts'
import { anyText } from '../any-text.ts'

/** Shows what was taken for a secret. */
const show: Hide = (place, name, value) => `<${place} ${name}: ${value}>`
const mask: Hide = () => 'X'
const nothingToHide: Hide = (place, name) => {
  throw new Error(`${place} ${name} was taken for a secret`)
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
  fc.constantFrom(null, true, '"token":"a"', '{"password":"x"}', '\\"', 'a\nb', 7),
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
  if (Array.isArray(value)) return value.map((item) => masked(item, false))
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
  '{"a":"{\\"password\\":\\"x\\"}"}',
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

  expect(redactJson(text, () => '[REDACTED]')).toBe(text)
})
