import zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { recordBody, wireChunks } from '../../../src/model/body.ts'
import type { HeaderList } from '../../../src/model/header-list.ts'
import type { RecordedResponse } from '../../../src/model/interaction.ts'
import { redactionRules } from '../../../src/model/redaction/redaction-rules.ts'
import { Redactor } from '../../../src/model/redaction/redactor.ts'
import { sampleRequest, type SampleRequest } from '../sample-request.ts'

/** Bears `secret` somewhere. */
type InRequest = (secret: string) => SampleRequest
type InResponse = (secret: string) => readonly [headers: HeaderList, body: string | Buffer]

const url = (of: (secret: string) => string): InRequest => {
  return (secret) => ({ url: `https://a.test/x${of(secret)}` })
}
const header = (name: string, of = (secret: string) => secret): InRequest => {
  return (secret) => ({ headers: [[name, of(secret)]] })
}
const typed = (type: string, of: (secret: string) => string): InRequest => {
  return (secret) => ({ headers: [['Content-Type', type]], body: of(secret) })
}
const part = (head: string, of = (secret: string) => secret): InRequest => {
  return typed(
    'multipart/form-data; boundary=b',
    (secret) => `--b\r\n${head}\r\n\r\n${of(secret)}\r\n--b--\r\n`,
  )
}
const answer = (type: string, of: (secret: string) => string | Buffer): InResponse => {
  return (secret) => [[['Content-Type', type]], of(secret)]
}
const json = (of: (secret: string) => unknown): InResponse => {
  return answer('application/json', (secret) => JSON.stringify(of(secret)))
}
const coded = (
  encoding: string,
  encode: (bytes: Buffer) => Buffer,
  rest = 'x'.repeat(3000),
): InResponse => {
  return (secret) => [
    [
      ['Content-Type', 'application/json'],
      ['Content-Encoding', encoding],
    ],
    encode(Buffer.from(JSON.stringify({ token: secret, rest }))),
  ]
}
const nested = (times: number, secret: string): string =>
  times === 0
    ? `https://b.test/cb?a=1&access_token=${secret}`
    : `https://b.test/?to=${encodeURIComponent(nested(times - 1, secret))}`

const inRequests: Readonly<Record<string, InRequest>> = {
  'the key of a Cloudflare account': header('X-Auth-Key'),
  'the registry credentials of Docker': header('X-Registry-Auth'),
  'the key that S3 encrypts with': header('x-amz-server-side-encryption-customer-key'),
  'a field of a nested multipart form': part(
    'Content-Disposition: form-data; name="user[password]"',
  ),
  'a form that was sent as text': typed(
    'text/plain;charset=UTF-8',
    (secret) => `a=1&password=it's,(${secret})`,
  ),
  'the second password of a form': typed('application/json', (secret) =>
    JSON.stringify({ password_confirmation: secret }),
  ),
  'a password with an @ in a URL': typed('application/json', (secret) =>
    JSON.stringify({ db: `postgres://me:p@${secret}@db.test/x` }),
  ),
  'a header with an ending that tells': header('X-Tracker-User-Token'),
  'a signature of a webhook': header('X-Hub-Signature-256', (secret) => `sha256=${secret}`),
  'an unknown scheme of credentials': header('Authorization', (secret) => `Weird ${secret}`),
  'the signature of an AWS request': header(
    'authorization',
    (secret) => `AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=${secret}`,
  ),
  'the name of a WebSocket protocol': header(
    'Sec-WebSocket-Protocol',
    (secret) => `v4.channel.k8s.io, base64url.bearer.authorization.k8s.io.${secret}`,
  ),
  'a header that is a URL': header('X-Callback', (secret) => `https://b.test/?token=${secret}`),
  'a cookie without a name': header('Cookie', (secret) => `theme=dark; ${secret}`),
  'a signed query of AWS': url((secret) => `?X-Amz-Date=1&x-amz-signature=${secret}&a=1`),
  'a list in a query': url((secret) => `?token[]=${secret}&token[1]=${secret}`),
  'a parameter of an object': url((secret) => `?user%5Bpassword%5D=${secret}`),
  'a name with a blank': url((secret) => `?%20token=${secret}`),
  'a second question mark': url((secret) => `?a=1?token=${secret}`),
  'semicolons in a query': url((secret) => `?a=1;token=${secret}`),
  'a parameter of a path': url((secret) => `;jsessionid=${secret}?a=1`),
  'a fragment with a path': url((secret) => `#/cb?access_token=${secret}`),
  'a URL in a query': url((secret) => `?to=${encodeURIComponent(nested(0, secret))}`),
  'a URL in a URL in a query': url((secret) => `?to=${encodeURIComponent(nested(1, secret))}`),
  'JSON in a query': url((secret) => `?v=${encodeURIComponent(`{"a":[{"token":"${secret}"}]}`)}`),
  'a URL in a form': typed(
    'application/x-www-form-urlencoded',
    (secret) => `to=${encodeURIComponent(nested(0, secret))}`,
  ),
  'a part without quotes': part('Content-Disposition: form-data; name=password'),
  'a part in other letters': part('content-disposition: Form-Data; NAME="password"'),
  'a part with a type first': part(
    'Content-Type: text/plain\r\nContent-Disposition: form-data; name="api_key"',
  ),
  'a part of a form without CR': typed(
    'multipart/form-data; boundary=b',
    (secret) => `--b\nContent-Disposition: form-data; name="token"\n\n${secret}\n--b--\n`,
  ),
  'a long part': part('Content-Disposition: form-data; name="token"', (secret) =>
    secret.repeat(9000),
  ),
  'a file of variables': part(
    'Content-Disposition: form-data; name="f"; filename=".env"',
    (secret) => `PORT=1\nAPI_KEY=${secret}`,
  ),
  'the file of a secret field': part(
    'Content-Disposition: form-data; name="credentials"; filename="x"',
  ),
  'a GraphQL variable': typed('application/json', (secret) =>
    JSON.stringify({ query: 'mutation($p: P)', variables: { p: { newPassword: secret } } }),
  ),
  'a block string of GraphQL': typed('application/json', (secret) =>
    JSON.stringify({ query: `{ login(password: """${secret}""") }` }),
  ),
}

const inResponses: Readonly<Record<string, InResponse>> = {
  'a link in JSON': json((secret) => ({ next: `https://b.test/?X-Amz-Signature=${secret}&a=1` })),
  'a link in JSON with escapes': answer(
    'application/json',
    (secret) => String.raw`{"next":"https:\/\/b.test\/?a=1\u0026token=${secret}"}`,
  ),
  'a link in HTML': answer(
    'text/html',
    (secret) => `<a href="/x?a=1&amp;token=${secret}&amp;b=2">`,
  ),
  'JSON that ends within it': answer(
    'application/json',
    (secret) => `{"id":1,"access_token":"${secret}`,
  ),
  'a section of an INI file': answer(
    'text/plain',
    (secret) => `[default]\naws_secret_access_key = ${secret}\n`,
  ),
  'a form in JSON': json((secret) => ({ body: `password=${secret}&user=a` })),
  'a cookie in JSON': json((secret) => ({ headers: { Cookie: `id=${secret}` } })),
  'a connection string': json((secret) => ({ to: `Server=x;User Id=a;Password=${secret};` })),
  'an object below a secret name': json((secret) => ({ token: { id: 1, value: secret } })),
  'a value with its name before it': json((secret) => [{ name: 'API_KEY', value: secret }]),
  'a value with its name behind it': json((secret) => [{ value: secret, key: 'DB_PASSWORD' }]),
  'a list of secrets': json((secret) => ({ recovery_codes: [secret, secret] })),
  'a list of secrets in a list': json((secret) => ({ tokens: 2, secrets: [[secret]] })),
  'JSON in JSON in JSON': json((secret) =>
    JSON.stringify({ a: JSON.stringify({ password: secret }) }),
  ),
  'an escaped name': answer(
    'application/json',
    (secret) => String.raw`{"\u0070assword":"${secret}"}`,
  ),
  'a dictionary of Python': answer('text/plain', (secret) => `got {'password': '${secret}'}`),
  'an input without quotes': answer('text/html', (secret) => `<input name=token value=${secret}>`),
  'character data with a bracket': answer(
    'text/xml',
    (secret) => `<Token><![CDATA[a]b${secret}]]></Token>`,
  ),
  'markup in markup': answer(
    'text/xml',
    (secret) => `<x>&lt;Password&gt;${secret}&lt;/Password&gt;</x>`,
  ),
  'a property list': answer(
    'text/xml',
    (secret) => `<key>password</key>\n<string>${secret}</string>`,
  ),
  'a member of XML-RPC': answer(
    'text/xml',
    (secret) => `<name>token</name><value><string>${secret}</string></value>`,
  ),
  YAML: answer('application/yaml', (secret) => `user: u\nusers:\n  - password: ${secret}\n`),
  'the heads of messages': answer(
    'multipart/mixed; boundary=b',
    (secret) => `--b\r\n\r\nHTTP/1.1 200 OK\r\nAuthorization: Token ${secret}\r\n\r\n--b--`,
  ),
  'JSON beside the bytes of a file': answer('multipart/related; boundary=b', (secret) =>
    Buffer.concat([
      Buffer.from(
        `--b\r\nContent-Type: application/json\r\n\r\n{"token":"${secret}"}\r\n--b\r\n\r\n`,
      ),
      Buffer.from([255, 216, 0, 128]),
      Buffer.from('\r\n--b--'),
    ]),
  ),
  'UTF-16 with a mark': answer('text/xml', (secret) =>
    Buffer.from(`\ufeff<Token>${secret}</Token>`, 'utf16le'),
  ),
  'UTF-16 with a charset': answer('application/json; charset="UTF-16BE"', (secret) =>
    Buffer.from(`{"token":"${secret}"}`, 'utf16le').swap16(),
  ),
  'UTF-16 that says nothing': answer('application/json', (secret) =>
    Buffer.from(`{"token":"${secret}"}`, 'utf16le'),
  ),
  'Latin-1': answer('text/plain; charset=latin1', (secret) =>
    Buffer.from(`é password=${secret}`, 'latin1'),
  ),
  'gzip that breaks off': coded('gzip', (bytes) => zlib.gzipSync(bytes).subarray(0, -6)),
  'gzip with a wrong checksum': coded('gzip', (bytes) =>
    Buffer.concat([zlib.gzipSync(bytes).subarray(0, -8), Buffer.alloc(8, 7)]),
  ),
  'deflate that breaks off': coded('deflate', (bytes) => zlib.deflateSync(bytes).subarray(0, -3)),
  'Brotli that breaks off': coded('br', (bytes) => zlib.brotliCompressSync(bytes).subarray(0, -2)),
  // Of its blocks of 128 KiB only whole ones can be read.
  'Zstandard that breaks off': coded(
    'zstd',
    (bytes) => zlib.zstdCompressSync(bytes).subarray(0, -2),
    Array.from({ length: 40_000 }, (_, at) => at).join(),
  ),
  'one coding upon another': coded('gzip, br', (bytes) =>
    zlib.brotliCompressSync(zlib.gzipSync(bytes)),
  ),
}

function response(of: InResponse, secret: string): RecordedResponse {
  const [headers, bytes] = of(secret)
  const body = recordBody([{ afterMs: 0, bytes: Buffer.from(bytes) }], headers)
  return { status: 200, statusText: 'OK', headers, ...(body === undefined ? {} : { body }) }
}

/** All that anyone could read in what is stored. */
function readable(stored: { readonly headers: HeaderList; readonly body?: unknown }): string {
  const text = JSON.stringify(stored)
  const bytes = [...text.matchAll(/"base64":"([^"]+)"/g)].flatMap(([, base64 = '']) => {
    const plain = Buffer.from(base64, 'base64')
    return [plain.toString('latin1'), plain.toString('latin1').replaceAll('\0', '')]
  })
  const all = [text, ...bytes].join('\n')
  return [all, decodedOnce(all), decodedOnce(decodedOnce(all))].join('\n')
}

function decodedOnce(text: string): string {
  return text.replaceAll(/%[0-7][0-9a-f]/gi, (code) => decodeURIComponent(code))
}

const [mine, yours] = ['s3cr3tQ9zX7wV5uT2', 'An0ther-0ne.of_th']

test.each(Object.entries(inRequests))('no secret is left in a request: %s', (_, of) => {
  const [one, other] = [mine, yours].map((secret) =>
    new Redactor().request(sampleRequest(of(secret))),
  )

  expect(readable(one!)).not.toContain(mine)
  expect(other).toEqual(one)
  expect(new Redactor().request(one!)).toEqual(one)
})

test.each(Object.entries(inResponses))('no secret is left in a response: %s', (_, of) => {
  const [one, other] = [mine, yours].map((secret) => new Redactor().response(response(of, secret)))

  expect(readable(one!)).toContain('[REDACTED]')
  expect(readable(one!)).not.toContain(mine)
  expect(other).toEqual(one)
  expect(new Redactor().response(one!)).toEqual(one)
})

test('a broken coding without a secret in it stays as broken as it was', () => {
  const headers = [['Content-Encoding', 'gzip']] as const
  const bytes = zlib.gzipSync('nothing to hide').subarray(0, -4)
  const live = response(() => [headers, bytes], '')

  expect(new Redactor().response(live)).toEqual(live)
})

test('a secret is hidden in a message of a WebSocket that came in fragments', () => {
  const headers = [['Upgrade', 'websocket']] as const
  const fragment = (first: number, text: string) =>
    Buffer.concat([Buffer.of(first, text.length), Buffer.from(text)])
  const [start, end] = [fragment(0x01, '{"token":"s3cr'), fragment(0x80, '3t"}')]
  const body = recordBody(
    [start, end].map((bytes, at) => ({ afterMs: at, afterSent: 0, bytes })),
    headers,
  )

  expect(
    new Redactor().response({ status: 101, statusText: '', headers, body: body! }).body,
  ).toEqual({
    frames: [{ afterMs: 1, afterSent: 0, text: '{"token":"[REDACTED]"}' }],
  })
})

test('UTF-16 keeps every byte but the secret', () => {
  const live = response(inResponses['UTF-16 with a mark']!, mine)
  const [sent] = wireChunks(new Redactor().response(live).body)

  expect(sent?.bytes).toEqual(Buffer.from('\ufeff<Token>[REDACTED]</Token>', 'utf16le'))
})

test.each([
  ['in part', 'p/ss=w0rd+%C3%A9'],
  ['twice', encodeURIComponent(encodeURIComponent('p/ss=w0rd+é'))],
  ['as Python escapes JSON', String.raw`p/ss=w0rd+\u00e9`],
  ['as PHP escapes JSON', String.raw`p\/ss=w0rd+\u00e9`],
  ['as Go escapes JSON', String.raw`p/ss\u003dw0rd\u002bé`],
  ['as HTML is escaped', 'p&#x2F;ss&#61;w0rd&#43;&#233;'],
  ['quoted-printable', 'p/ss=3Dw0rd+=C3=A9'],
])('the value of a variable is hidden, encoded %s', (_, written) => {
  const rules = redactionRules(true, () => ({ DB_PASSWORD: 'p/ss=w0rd+é' }))
  const { body } = new Redactor(rules).request(sampleRequest({ body: `of ${written}.` }))

  expect(body).toEqual({ text: 'of [REDACTED:DB_PASSWORD].' })
})

test.each([
  ['as PHP escapes JSON', String.raw`Ab1\/Cd2+Ef3==x`],
  ['URL-encoded in lower case', 'Ab1%2fCd2%2bEf3%3d%3dx'],
  ['as HTML is escaped', 'Ab1&#x2F;Cd2&#43;Ef3==x'],
])('what a response handed out is hidden where another repeats it, encoded %s', (_, written) => {
  const redactor = new Redactor()
  redactor.response(response((secret) => [[], `{"token":"${secret}"}`], 'Ab1/Cd2+Ef3==x'))

  expect(redactor.response(response(() => [[], `{"note":"${written}"}`], '')).body).toEqual({
    text: '{"note":"[REDACTED]"}',
  })
})

test('what a cookie holds percent-encoded is hidden where a body has it in clear', () => {
  const value = 'Ab1/Cd2+Ef3==x'
  const live = response(() => [[['Set-Cookie', `a=${encodeURIComponent(value)}`]], value], '')

  expect(new Redactor().response(live)).toMatchObject({
    headers: [['Set-Cookie', 'a=[REDACTED]']],
    body: { text: '[REDACTED]' },
  })
})

test('a text of backslashes does not hang the search for a value that begins with a sign', () => {
  const rules = redactionRules(true, () => ({ DB_PASSWORD: '+p/ss=w0rd' }))
  const request = sampleRequest({ body: '\\'.repeat(500_000) })

  expect(new Redactor(rules).request(request)).toEqual(request)
})

test.each(['welcome_2026', 'letmein123', 'token-0001', 'localhost:3000'])(
  'the value "%s" of a variable is a common word and never looked for',
  (value) => {
    const rules = redactionRules(true, () => ({ API_TOKEN: value }))
    const request = sampleRequest({ body: `it is ${value}` })

    expect(new Redactor(rules).request(request)).toEqual(request)
  },
)

test('what an origin says beside headers and bodies bears no secret', () => {
  const ghp = 'ghp_0123456789abcdefghijABCDEFGHIJ012345'
  const redactor = new Redactor()
  const { statusText } = redactor.response({ status: 403, statusText: `no ${ghp}`, headers: [] })
  const failure = redactor.failure({
    message: `no ${ghp}`,
    details: { code: 'E', port: 1, path: `/${ghp}` },
    cause: { message: ghp },
  })

  expect(statusText).toBe('no [REDACTED]')
  expect(failure).toEqual({
    message: 'no [REDACTED]',
    details: { code: 'E', port: 1, path: '/[REDACTED]' },
    cause: { message: '[REDACTED]' },
  })
})
