import zlib from 'node:zlib'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { bodyBytes, recordBody } from '../../../src/model/body.ts'
import { cassetteName } from '../../../src/model/cassette-name.ts'
import type { HeaderList } from '../../../src/model/header-list.ts'
import type { RecordedRequest, RecordedResponse } from '../../../src/model/interaction.ts'
import { matcherSet } from '../../../src/model/matcher-set.ts'
import type { RedactOption } from '../../../src/model/redaction/redact-option.ts'
import { redactionRules } from '../../../src/model/redaction/redaction-rules.ts'
import { Redactor } from '../../../src/model/redaction/redactor.ts'
import type { Environment } from '../../../src/model/redaction/secret-values.ts'
import { jsonRequest, sampleRequest, typedRequest } from '../sample-request.ts'

const formType = 'application/x-www-form-urlencoded'
const token = (value: string) => jsonRequest(JSON.stringify({ token: value }))

function sampleResponse(headers: HeaderList, ...chunks: (string | Uint8Array)[]): RecordedResponse {
  const body = recordBody(
    chunks.map((chunk, at) => ({ afterMs: at, bytes: Buffer.from(chunk) })),
    headers,
  )
  return { status: 200, statusText: 'OK', headers, ...(body === undefined ? {} : { body }) }
}

function jsonResponse(value: unknown): RecordedResponse {
  return sampleResponse([['Content-Type', 'application/json']], JSON.stringify(value))
}

function redactedUrl(url: string): string {
  return new Redactor().request(sampleRequest({ url })).url
}

function redactedHeader(name: string, value: string): readonly (string | undefined)[] {
  const headers = [[name, value]] as const
  return [
    new Redactor().request(sampleRequest({ headers })).headers[0]?.[1],
    new Redactor().response(sampleResponse(headers)).headers[0]?.[1],
  ]
}

test.each([
  ['Authorization', 'Bearer abc.def', 'Bearer [REDACTED]'],
  ['authorization', 'Basic dXNlcjpwdw==', 'Basic W1JFREFDVEVEXTpbUkVEQUNURURd'],
  ['Authorization', 'AWS4-HMAC-SHA256 Credential=a/b, Signature=c', 'AWS4-HMAC-SHA256 [REDACTED]'],
  ['Authorization', 'abc', '[REDACTED]'],
  ['Proxy-Authorization', 'Bearer abc', 'Bearer [REDACTED]'],
  ['X-Api-Key', 'correct horse battery', '[REDACTED]'],
  ['api-key', 'abc', '[REDACTED]'],
  ['X-Auth-Token', 'abc', '[REDACTED]'],
])('the credential in %s: %s is hidden in requests and responses', (name, value, redacted) => {
  expect(redactedHeader(name, value)).toEqual([redacted, redacted])
})

test.each([
  ['Accept', 'text/html'],
  ['X-Api-Version', '2026-11-22'],
  ['WWW-Authenticate', 'Bearer realm="api"'],
  ['Authorization', ''],
  ['ETag', '"0123456789abcdef"'],
])('%s: %s is no credential', (name, value) => {
  expect(redactedHeader(name, value)).toEqual([value, value])
})

test.each(['Location', 'Content-Location', 'Referer'])('%s is redacted as a URL', (name) => {
  const redacted = '/back?token=[REDACTED]&page=2#done'
  expect(redactedHeader(name, '/back?token=abc&page=2#done')).toEqual([redacted, redacted])
})

test('headers keep their order, names and duplicates', () => {
  const headers = [
    ['X-B', '1'],
    ['set-cookie', 'theme=dark; Path=/'],
    ['Set-Cookie', 'sid=1; Path=/'],
    ['x-a', '2'],
  ] as const
  expect(new Redactor().response(sampleResponse(headers)).headers).toEqual([
    ['X-B', '1'],
    ['set-cookie', 'theme=dark; Path=/'],
    ['Set-Cookie', 'sid=[REDACTED]; Path=/'],
    ['x-a', '2'],
  ])
})

test.each([
  ['https://a.test/x?api_key=abc&q=1', 'https://a.test/x?api_key=[REDACTED]&q=1'],
  ['https://a.test/x?api%5fkey=a%20b', 'https://a.test/x?api%5fkey=[REDACTED]'],
  ['https://a.test/?token=a&token=b', 'https://a.test/?token=[REDACTED]&token=[REDACTED:2]'],
  ['https://user:pw@a.test/x', 'https://[REDACTED]@a.test/x'],
  ['https://user:p@w@a.test/x', 'https://[REDACTED]@a.test/x'],
  ['https://user@a.test?key=b', 'https://[REDACTED]@a.test?key=[REDACTED]'],
])('the secrets of %s are hidden', (url, redacted) => {
  expect(redactedUrl(url)).toBe(redacted)
  expect(() => new URL(redacted)).not.toThrow()
})

test.each([
  'https://a.test/token=abc',
  'https://a.test/@user/x?q=a@b',
  'https://a.test?q=//user:pw@b.test',
  'https://@a.test/',
  'https://a.test/%zz?q=%zz&next_token=abc&pageToken=def',
])('%s holds no secret', (url) => {
  expect(redactedUrl(url)).toBe(url)
})

test('the target of a redirect loses its user, its token and its fragment token', () => {
  const [, redacted] = redactedHeader(
    'Location',
    '//user:p@w@b.test/cb?state=1&token=ab#access_token=cd&state=2',
  )
  expect(redacted).toBe(
    '//[REDACTED]@b.test/cb?state=1&token=[REDACTED:2]#access_token=[REDACTED:3]&state=2',
  )
})

test('a JSON body keeps every byte but its secrets', () => {
  const text = '{\n  "password": "x",\n  "n": 1.0\n}'
  expect(new Redactor().request(jsonRequest(text)).body).toEqual({
    text: '{\n  "password": "[REDACTED]",\n  "n": 1.0\n}',
  })
  expect(new Redactor().request(jsonRequest('{"a":[{"token":"x"}]}')).body).toEqual({
    json: { a: [{ token: '[REDACTED]' }] },
  })
})

test.each(['application/json; charset=utf-8', 'application/vnd.api+json', 'application/x-ndjson'])(
  'secrets in %s are hidden',
  (type) => {
    const { body } = new Redactor().request(typedRequest(type, '{"token": "x"}'))
    expect(body).toEqual({ text: '{"token": "[REDACTED]"}' })
  },
)

test('secrets in a form are hidden', () => {
  const { body } = new Redactor().request(typedRequest(formType, 'user=a&password=b%26c&x=1'))
  expect(body).toEqual({ text: 'user=a&password=[REDACTED]&x=1' })
})

test('secrets in a compressed body are hidden', () => {
  const headers = [
    ['Content-Type', 'application/json'],
    ['Content-Encoding', 'gzip'],
  ] as const
  const response = sampleResponse(headers, zlib.gzipSync('{"token":"x"}'))

  expect(new Redactor().response(response).body).toEqual({
    json: { token: '[REDACTED]' },
    contentEncoding: 'gzip',
  })
})

test('secrets in the chunks of a stream are hidden', () => {
  const headers = [['Content-Type', 'text/event-stream']] as const
  const response = sampleResponse(headers, 'data: {"token":"x"}\n\n', 'data: {"token":"y"}\n\n')

  expect(new Redactor().response(response).body).toEqual({
    chunks: [
      { afterMs: 0, text: 'data: {"token":"[REDACTED]"}\n\n' },
      { afterMs: 1, text: 'data: {"token":"[REDACTED:2]"}\n\n' },
    ],
  })
})

test('secrets beside bytes that no one can read are hidden', () => {
  const bytes = Buffer.concat([
    Buffer.from('{"token":"x","a":"'),
    Buffer.from([0xff, 0x7f, 0x22, 0x7d]),
  ])
  const { body } = new Redactor().request(typedRequest('application/json', bytes))

  expect(body).toEqual({
    base64: Buffer.concat([
      Buffer.from('{"token":"[REDACTED]","a":"'),
      Buffer.from([0xff, 0x7f, 0x22, 0x7d]),
    ]).toString('base64'),
  })
})

test('JSON is found in a text of any type, as fetch sends it without being told', () => {
  for (const type of ['text/plain', 'text/html', 'application/x-amz-json-1.1']) {
    const request = typedRequest(type, '{"token":"x","user":"y"}')
    expect(new Redactor().request(request).body).toEqual({
      text: '{"token":"[REDACTED]","user":"y"}',
    })
  }
})

test('a picture stays as it is', () => {
  const body = { base64: Buffer.from('\0"token":"x"').toString('base64') }
  const request = { ...typedRequest('image/png', ''), body }
  expect(new Redactor().request(request).body).toEqual(body)
})

test('a request without secrets stays as it is', () => {
  const request = sampleRequest({
    url: 'https://a.test/x?page_token=abc&q=%20',
    headers: [['Content-Type', 'application/json']],
    body: '{"nextToken":"abc","pageToken":1}',
  })
  expect(new Redactor().request(request)).toEqual(request)
})

test('each slot numbers its values in order of first appearance', () => {
  const redactor = new Redactor()
  const send = (key: string, bearer: string) => {
    const { url, headers } = redactor.request(
      sampleRequest({
        url: `https://a.test/?api_key=${key}`,
        headers: [['Authorization', `Bearer ${bearer}`]],
      }),
    )
    return [new URL(url).search, headers[0]?.[1]]
  }
  expect(send('one', 'a')).toEqual(['?api_key=[REDACTED]', 'Bearer [REDACTED]'])
  expect(send('two', 'a')).toEqual(['?api_key=[REDACTED:2]', 'Bearer [REDACTED]'])
  expect(send('one', 'b')).toEqual(['?api_key=[REDACTED]', 'Bearer [REDACTED:2]'])
})

test('a slot is the same however its name is cased', () => {
  const redactor = new Redactor()
  const send = (name: string, value: string) =>
    redactor.request(sampleRequest({ headers: [[name, value]] })).headers[0]?.[1]

  expect(send('X-Api-Key', 'a')).toBe('[REDACTED]')
  expect(send('x-api-key', 'b')).toBe('[REDACTED:2]')
})

test('what a response hands out keeps its placeholder when a request sends it back', () => {
  const redactor = new Redactor()
  const login = redactor.response(
    sampleResponse(
      [
        ['Content-Type', 'application/json'],
        ['Set-Cookie', 'sid=cookie-value; HttpOnly'],
        ['Location', '/next?token=in%20url'],
      ],
      '{"access_token":"in body","refresh_token":"again"}',
    ),
  )
  expect(login).toMatchObject({
    headers: [
      ['Content-Type', 'application/json'],
      ['Set-Cookie', 'sid=[REDACTED]; HttpOnly'],
      ['Location', '/next?token=[REDACTED:2]'],
    ],
    body: { json: { access_token: '[REDACTED:3]', refresh_token: '[REDACTED:4]' } },
  })

  const next = redactor.request(
    sampleRequest({
      url: 'https://a.test/next?token=in+url',
      headers: [
        ['Authorization', 'Bearer in body'],
        ['Cookie', 'theme=dark; sid=cookie-value'],
        ['Content-Type', formType],
      ],
      body: 'refresh_token=again',
    }),
  )
  expect(next).toMatchObject({
    url: 'https://a.test/next?token=[REDACTED:2]',
    headers: [
      ['Authorization', 'Bearer [REDACTED:3]'],
      ['Cookie', 'theme=dark; sid=[REDACTED]'],
      ['Content-Type', formType],
    ],
    body: { text: 'refresh_token=[REDACTED:4]' },
  })
})

test('requests that differ only in a secret have different names', () => {
  const redactor = new Redactor()
  const names = ['one', 'two', 'three', 'one'].map((value) =>
    cassetteName(redactor.request(token(value)), matcherSet()),
  )
  expect(new Set(names).size).toBe(3)
  expect(names[3]).toBe(names[0])
})

test('a token and the one it was exchanged for have different names', () => {
  const redactor = new Redactor()
  const first = redactor.request(token('old'))
  redactor.response(jsonResponse({ token: 'new' }))
  const second = redactor.request(token('new'))

  expect(cassetteName(second, matcherSet())).not.toBe(cassetteName(first, matcherSet()))
})

test('a request has the same name after a response has repeated its secret', () => {
  const redactor = new Redactor()
  const first = redactor.request(token('mine'))
  redactor.response(jsonResponse({ session: 's', access_token: 'theirs', token: 'mine' }))

  expect(redactor.request(token('mine'))).toEqual(first)
})

/** A request and a response with secrets in every place that redaction knows. */
function secretsEverywhere(secrets: readonly string[]): [RecordedRequest, RecordedResponse] {
  const [user, key, bearer, header, cookie, field, handedOut] = secrets as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  const request = sampleRequest({
    url: `https://${encodeURIComponent(user)}:x@a.test/x?q=1&api_key=${encodeURIComponent(key)}&a`,
    headers: [
      ['Authorization', `Bearer ${bearer}`],
      ['X-Api-Key', header],
      ['Cookie', `theme=dark; id=${encodeURIComponent(cookie)}`],
      ['Referer', `https://a.test/?token=${encodeURIComponent(key)}`],
      ['Content-Type', 'application/json'],
    ],
    body: JSON.stringify({ a: [{ password: field, n: 1 }], b: 'plain' }, null, 1),
  })
  const form = new URLSearchParams({ a: '1', client_secret: handedOut }).toString()
  const response = sampleResponse(
    [
      ['Set-Cookie', `id=in-a-cookie-${encodeURIComponent(handedOut)}; Path=/`],
      ['X-Auth-Token', handedOut],
      [
        'Location',
        `/x?token=${encodeURIComponent(handedOut)}#access_token=${encodeURIComponent(key)}`,
      ],
      ['Content-Type', formType],
    ],
    form,
  )
  return [request, response]
}

const secret = fc
  .string({
    unit: fc.constantFrom(...'aZ09-._~+/=&%"\\ é;#?@:[]'.split('')),
    minLength: 4,
    maxLength: 30,
  })
  .map((text) => `s3cr3t${text}s3cr3t`)
const sevenSecrets = fc.uniqueArray(secret, { minLength: 7, maxLength: 7 })

test('no secret is left in any place that redaction knows', () => {
  fc.assert(
    fc.property(sevenSecrets, (secrets) => {
      const redactor = new Redactor()
      const [request, response] = secretsEverywhere(secrets)
      const kept = JSON.stringify([redactor.request(request), redactor.response(response)])

      expect(kept).not.toContain('s3cr3t')
      expect(kept).toContain('theme=dark')
    }),
  )
})

test('redaction on a machine with other secrets gives the same', () => {
  fc.assert(
    fc.property(sevenSecrets, sevenSecrets, (mine, yours) => {
      const [one, other] = [mine, yours].map((secrets) => {
        const redactor = new Redactor()
        const [request, response] = secretsEverywhere(secrets)
        return [redactor.request(request), redactor.response(response), redactor.request(request)]
      })
      expect(one).toEqual(other)
    }),
  )
})

test('redacting what is redacted changes nothing', () => {
  fc.assert(
    fc.property(fc.array(sevenSecrets, { minLength: 1, maxLength: 3 }), (runs) => {
      const redactor = new Redactor()
      for (const secrets of runs) {
        const [request, response] = secretsEverywhere(secrets)
        const redactedRequest = redactor.request(request)
        const redactedResponse = redactor.response(response)

        expect(new Redactor().request(redactedRequest)).toEqual(redactedRequest)
        expect(new Redactor().response(redactedResponse)).toEqual(redactedResponse)
      }
    }),
  )
})

test('a placeholder that a client has encoded counts as the placeholder', () => {
  const redactor = new Redactor()
  const encoded = redactor.request(
    sampleRequest({
      url: 'https://a.test/?token=%5BREDACTED%3A2%5D',
      headers: [['Content-Type', formType]],
      body: 'password=%5BREDACTED%5D',
    }),
  )
  expect(encoded).toMatchObject({
    url: 'https://a.test/?token=[REDACTED:2]',
    body: { text: 'password=[REDACTED]' },
  })
})

const ghp = 'ghp_0123456789abcdefghijABCDEFGHIJ012345'

test('a shape that is known is hidden in a path, a header, a query and a body', () => {
  const redacted = new Redactor().request(
    sampleRequest({
      url: `https://a.test/of/${ghp}/x?q=${ghp}`,
      headers: [
        ['X-Note', `see ${ghp}.`],
        ['Content-Type', 'application/json'],
      ],
      body: JSON.stringify({ note: `it is ${ghp}!`, user: 'octocat' }),
    }),
  )
  expect(redacted).toMatchObject({
    url: 'https://a.test/of/[REDACTED]/x?q=[REDACTED]',
    headers: [['X-Note', 'see [REDACTED].'], {}],
    body: { json: { note: 'it is [REDACTED]!', user: 'octocat' } },
  })
})

test.each([
  [
    'text/xml; charset=utf-8',
    '<login><user>u</user><password>x</password></login>',
    '<login><user>u</user><password>[REDACTED]</password></login>',
  ],
  ['application/soap+xml', '<a token="x" id="1"/>', '<a token="[REDACTED]" id="1"/>'],
  ['text/plain', 'user=u password=hunter2', 'user=u password=[REDACTED]'],
  ['text/csv', `a,b\n1,${ghp}`, 'a,b\n1,[REDACTED]'],
  [
    'application/x-www-form-urlencoded',
    'v={"token":"x"}',
    'v=%7B%22token%22%3A%22[REDACTED]%22%7D',
  ],
  ['application/javascript', 'f(token=x)', 'f(token=x)'],
  ['text/plain', 'postgres://user:pw@db.test/x', 'postgres://[REDACTED]@db.test/x'],
  [
    'text/plain',
    'say Bearer abcdefg1 and Basic documentation',
    'say Bearer [REDACTED] and Basic documentation',
  ],
])('secrets in %s are hidden: %s', (type, text, redacted) => {
  const { body } = new Redactor().request(typedRequest(type, text))
  expect(body).toEqual({ text: redacted })
})

test('a Link header is redacted as the URLs that it holds', () => {
  const value =
    '<https://a.test/?page=2&token=x>; rel="next", <https://a.test/?token=y>; rel="last"'
  expect(redactedHeader('Link', value)[0]).toBe(
    '<https://a.test/?page=2&token=[REDACTED]>; rel="next", <https://a.test/?token=[REDACTED:2]>; rel="last"',
  )
})

const claims = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const webToken = `${claims({ alg: 'none' })}.${claims({ sub: 'me', exp: 1_900_000_000 })}.c2ln`

test('a JSON Web Token that is handed out can be parsed, and sent back has the name it had live', () => {
  const live = new Redactor()
  const answer = live.response(jsonResponse({ access_token: webToken, note: `see ${webToken}` }))
  const { access_token: stored, note } = (answer.body as { json: Record<string, string> }).json
  const send = (redactor: Redactor, value = '') =>
    redactor.request(
      sampleRequest({
        url: `https://a.test/?q=${value}`,
        headers: [['Authorization', `Bearer ${value}`]],
        body: `token=${value}`,
      }),
    )

  expect(JSON.parse(Buffer.from(stored!.split('.')[1]!, 'base64url').toString())).toMatchObject({
    exp: 1_900_000_000,
  })
  expect(note).toBe(`see ${stored}`)
  expect(send(new Redactor(), stored)).toEqual(send(live, webToken))
  expect(JSON.stringify(send(live, webToken))).not.toContain('eyJ')
})

test('a value that was handed out is hidden where it has no name', () => {
  const redactor = new Redactor()
  redactor.response(jsonResponse({ token: 'abcdef0123456789', sid: 'x' }))
  const next = redactor.request(sampleRequest({ url: 'https://a.test/of/abcdef0123456789/me' }))
  const later = new Redactor().request(
    sampleRequest({ url: 'https://a.test/of/%5BREDACTED%5D/me' }),
  )

  expect(next.url).toBe('https://a.test/of/[REDACTED]/me')
  expect(later.url).toBe(next.url)
})

test('a secret that a stream cuts in two is hidden in the chunk where it begins', () => {
  const headers = [['Content-Type', 'text/event-stream']] as const
  const chunks = [
    'data: {"token":"ab',
    'cd"}\n\ndata: é ghp_0123456789',
    'abcdefghijABCDEFGHIJ012345\n\n',
    'data: end\n\n',
  ]

  expect(new Redactor().response(sampleResponse(headers, ...chunks)).body).toEqual({
    chunks: [
      { afterMs: 0, text: 'data: {"token":"[REDACTED]"' },
      { afterMs: 1, text: '}\n\ndata: é [REDACTED:2]' },
      { afterMs: 2, text: '\n\n' },
      { afterMs: 3, text: 'data: end\n\n' },
    ],
  })
})

test('a stream that is cut within a character keeps every byte but the secret', () => {
  const headers = [['Content-Type', 'text/event-stream']] as const
  const bytes = Buffer.from('data: é {"token":"x"}\n\n')
  const redacted = new Redactor().response(
    sampleResponse(headers, bytes.subarray(0, 7), bytes.subarray(7)),
  )

  expect(bodyBytes(redacted.body).toString()).toBe('data: é {"token":"[REDACTED]"}\n\n')
})

function redactorWith(option: RedactOption, environment: Environment = {}): Redactor {
  return new Redactor(redactionRules(option, () => environment))
}

test('the value of a secret variable is hidden in every form, by a placeholder with its name', () => {
  const value = 'p/ss "w0rd" & mor'
  const base64 = ['', 'a', 'ab'].map((start) => Buffer.from(`${start}${value}`).toString('base64'))
  const text = [value, encodeURIComponent(value), JSON.stringify(value), ...base64].join('\n')
  const { body } = redactorWith({}, { DB_PASSWORD: value, HOME: '/home/me-12345' }).request(
    typedRequest('text/plain', `${text}\n/home/me-12345`),
  )
  const kept = (body as { text: string }).text

  expect(kept).not.toContain('w0rd')
  expect(kept).not.toContain(Buffer.from('ss "w0rd"').toString('base64').slice(2, -4))
  expect(kept.match(/\[REDACTED:DB_PASSWORD\]/g)).toHaveLength(6)
  expect(kept).toContain('/home/me-12345')
})

test('any value of a variable gives the same name', () => {
  const [mine, yours] = ['tok-12345678', 'another-1-of-them'].map((value) =>
    redactorWith({}, { BOT_TOKEN: value }).request(
      sampleRequest({ url: `https://a.test/bot${value}/send`, body: `<${value}>` }),
    ),
  )
  expect(mine).toEqual(yours)
  expect(mine?.url).toBe('https://a.test/bot[REDACTED:BOT_TOKEN]/send')
})

test('a variable counts from when it is set until it is deleted', () => {
  const environment: Record<string, string> = { HOME: '/home/me' }
  const redactor = redactorWith({}, environment)
  const note = (): string | undefined =>
    redactor.request(sampleRequest({ headers: [['X-Note', 'tok-12345678 tok-87654321']] }))
      .headers[0]?.[1]
  expect(note()).toBe('tok-12345678 tok-87654321')
  environment['BOT_TOKEN'] = 'tok-12345678'
  expect(note()).toBe('[REDACTED:BOT_TOKEN] tok-87654321')
  environment['BOT_TOKEN'] = 'tok-87654321'
  expect(note()).toBe('tok-12345678 [REDACTED:BOT_TOKEN]')
  delete environment['BOT_TOKEN']
  expect(note()).toBe('tok-12345678 tok-87654321')
})

test('a value that was hidden is hidden in headers that were clean before', () => {
  const redactor = new Redactor()
  const ask = (url: string) =>
    redactor.request(sampleRequest({ url, headers: [['X-Note', 'is abcdef-0123456789']] }))
  expect(ask('https://a.test/').headers[0]?.[1]).toBe('is abcdef-0123456789')
  expect(ask('https://a.test/?token=abcdef-0123456789').headers[0]?.[1]).toBe('is [REDACTED]')
  expect(ask('https://a.test/').headers[0]?.[1]).toBe('is [REDACTED]')
})

test('a rule for names does not care whether its value is that of a variable', () => {
  const request = sampleRequest({ url: 'https://a.test/?api_key=tok-12345678' })
  expect(redactorWith({}, { API_KEY: 'tok-12345678' }).request(request)).toEqual(
    redactorWith({}, {}).request(request),
  )
})

test.each(['short1', 'production', 'password1', '12345678', 'sandbox-key', 'aaaaaaaaaaaaaaaaaaaa'])(
  'the value "%s" of a variable is never looked for',
  (value) => {
    const request = typedRequest('text/plain', `it is ${value}`)
    expect(redactorWith({}, { A_TOKEN: value }).request(request)).toEqual(request)
  },
)

test('the host of a URL is never redacted', () => {
  const url = 'https://tok-12345678.test/x'
  expect(redactorWith({}, { A_TOKEN: 'tok-12345678' }).request(sampleRequest({ url })).url).toBe(
    url,
  )
})

test('lists extend what is known, and with only replace it', () => {
  const request = sampleRequest({
    url: 'https://a.test/?key=x&member=y',
    headers: [
      ['X-Member', 'z'],
      ['X-Api-Key', 'k'],
      ['Content-Type', 'application/json'],
    ],
    body: `{"member":"m","password":"p","id":"cus_1","note":"${ghp}","word":"word-0001","env":"from-the-env-1"}`,
  })
  const own = ['member', 'x-member']
  const env = { MY_VALUE: 'from-the-env-1' }
  const extended = redactorWith(
    {
      headers: own,
      query: own,
      fields: own,
      patterns: ['cus_\\d', /x/y],
      values: ['word-0001'],
      env: ['MY_*'],
    },
    env,
  ).request(request)
  const replaced = redactorWith(
    {
      headers: { only: own },
      query: { only: own },
      fields: { only: own },
      patterns: { only: [/"(?<secret>cus_\d)"/] },
      env: { only: [] },
    },
    env,
  ).request(request)

  expect(extended).toMatchObject({
    url: 'https://a.test/?key=[REDACTED]&member=[REDACTED]',
    headers: [['X-Member', '[REDACTED]'], ['X-Api-Key', '[REDACTED]'], {}],
    body: {
      json: {
        member: '[REDACTED]',
        password: '[REDACTED]',
        id: '[REDACTED]',
        note: '[REDACTED]',
        word: '[REDACTED:value1]',
        env: '[REDACTED:MY_VALUE]',
      },
    },
  })
  expect(replaced).toMatchObject({
    url: 'https://a.test/?key=x&member=[REDACTED]',
    headers: [['X-Member', '[REDACTED]'], ['X-Api-Key', 'k'], {}],
    body: {
      json: {
        member: '[REDACTED]',
        password: 'p',
        id: '[REDACTED]',
        note: ghp,
        word: 'word-0001',
        env: 'from-the-env-1',
      },
    },
  })
})

test('with except a name is no secret in that place, and in no other', () => {
  const except = { except: ['TOKEN', 'x-team-token'] }
  const request = sampleRequest({
    url: 'https://a.test/?token=x',
    headers: [
      ['Content-Type', 'application/json'],
      ['X-Team-Token', 't'],
    ],
    body: '{"token":"ETH","Token":"BTC","userToken":"u","password":"p"}',
  })

  expect(redactorWith({ fields: except, headers: except }).request(request)).toMatchObject({
    url: 'https://a.test/?token=[REDACTED]',
    headers: [{}, ['X-Team-Token', 't']],
    body: { json: { token: 'ETH', Token: 'BTC', userToken: '[REDACTED]', password: '[REDACTED]' } },
  })
})

test('a function comes after the rules, for the request and for the response', () => {
  const seen: unknown[] = []
  const redactor = redactorWith(({ request, response }) => {
    seen.push(structuredClone({ request, response }))
    return {
      request: { ...request, url: request.url.replace(/users\/\d+/, 'users/ID') },
      ...(response === undefined ? {} : { response: { ...response, statusText: 'hidden' } }),
    }
  })
  const request = redactor.request(sampleRequest({ url: 'https://a.test/users/12?token=x' }))
  const response = redactor.response(jsonResponse({ token: 'y' }), request)

  expect(request.url).toBe('https://a.test/users/ID?token=[REDACTED]')
  expect(response).toMatchObject({
    statusText: 'hidden',
    body: { json: { token: '[REDACTED:2]' } },
  })
  expect(seen).toMatchObject([
    { request: { url: 'https://a.test/users/12?token=[REDACTED]' } },
    { request, response: { body: { json: { token: '[REDACTED:2]' } } } },
  ])
})

test('a function that returns nothing is refused', () => {
  // @ts-expect-error -- what a user without types would write
  expect(() => redactorWith(() => {}).request(sampleRequest())).toThrow(/returns what it was given/)
})

test('a text that invites every search to go astray hangs none of them', () => {
  const hostile = [
    '-----BEGIN PRIVATE KEY-----',
    '"token":[',
    '://a:',
    'Bearer ',
    'token="',
    '<a ',
    'eyJ',
    'a=',
    '<input ',
    '<a>    ',
    'a="',
    'Bearer  ',
  ]
  for (const piece of hostile) {
    const text = piece.repeat(20_000)
    expect(new Redactor().request(typedRequest('text/html', text)).body).toHaveProperty('text')
  }
})
