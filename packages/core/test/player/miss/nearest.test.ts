import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { UnhandledRequestError, type PlayerOptions } from '../../../src/index.ts'
import { MissScene, post } from '../../support/miss-scene.ts'

const get = async (url: string) => (await fetch(url)).text()

/** The miss of a request, with what was recorded before. */
async function missed(
  recorded: readonly ((url: string) => Promise<unknown>)[],
  run: (url: string) => Promise<unknown>,
  options: PlayerOptions = {},
): Promise<UnhandledRequestError> {
  const scene = await MissScene.record(async (url) => {
    for (const each of recorded) await each(url)
  }, options)
  const error = await scene.error(run, { ...options, recordMode: 'none' })
  expect(error).toBeInstanceOf(UnhandledRequestError)
  return error as UnhandledRequestError
}

const paths = ({ nearest }: UnhandledRequestError) =>
  nearest.map(({ method, url }) => {
    const { pathname, search } = new URL(url)
    return `${method} ${pathname}${search}`
  })

test('the error tells what its message does, as data', async () => {
  const error = await missed([(url) => get(`${url}/a?b=1`)], (url) => get(`${url}/a?b=2`))
  const { origin } = new URL(error.url)

  expect(error).toMatchObject({
    code: 'ERR_CASSETTE_UNHANDLED_REQUEST',
    method: 'GET',
    url: `${origin}/a?b=2`,
    reason: 'never recorded',
    nearest: [
      {
        method: 'GET',
        url: `${origin}/a?b=1`,
        location: expect.stringMatching(/^http_GET_127\.0\.0\.1_\d+_a_[0-9a-f]{16}\.json$/),
        differs: ['query'],
      },
    ],
  })
})

test('the more matchers agree, the nearer; at most three are told', async () => {
  const error = await missed(
    [
      (url) => get(`${url}/users/1`),
      (url) => post(`${url}/elsewhere`, { a: 1 }),
      (url) => post(`${url}/users`, { a: 1 }),
      (url) => get(`${url}/users?page=2`),
    ],
    (url) => post(`${url}/users`, { a: 2 }),
  )
  expect(paths(error)).toEqual(['POST /users', 'POST /elsewhere', 'GET /users?page=2'])
})

test('among equals the path that is equal for longest comes first', async () => {
  const error = await missed(
    [
      (url) => get(`${url}/teams/1/members`),
      (url) => get(`${url}/users/2`),
      (url) => get(`${url}/users/1/keys`),
    ],
    (url) => get(`${url}/users/1/repos`),
  )
  expect(paths(error)).toEqual(['GET /users/1/keys', 'GET /users/2', 'GET /teams/1/members'])
})

test('among equals the query and the body that are most alike come first', async () => {
  const chat = (content: string) => ({ model: 'm', messages: [{ role: 'user', content }] })
  const error = await missed(
    [
      (url) => post(`${url}/chat?n=1`, chat('Tell me about the history of tea')),
      (url) => post(`${url}/chat?n=2`, chat('What is the capital of Norway?')),
      (url) => post(`${url}/chat?n=3`, chat('Sum up the plot of this novel')),
    ],
    (url) => post(`${url}/chat?n=4`, chat('What is the capital of Finland?')),
  )
  expect(paths(error)[0]).toBe('POST /chat?n=2')
})

test('values that stand under other names make no query more alike', async () => {
  const error = await missed(
    [(url) => get(`${url}/range?from=2&to=1`), (url) => get(`${url}/range?from=1&to=3`)],
    (url) => get(`${url}/range?from=1&to=2`),
  )
  expect(paths(error)).toEqual(['GET /range?from=1&to=3', 'GET /range?from=2&to=1'])
})

test('among many the one with the query that is most alike is found', async () => {
  const words = Array.from({ length: 60 }, (_, at) => `word${at}`)
  const error = await missed(
    [
      (url) => post(`${url}/search?q=cats&lang=en`, { at: 100 }),
      ...words.map((word) => (url: string) => post(`${url}/search?q=${word}&lang=en`, { at: 20 })),
    ],
    (url) => post(`${url}/search?q=cats&lang=de`, { at: 10 }),
  )
  expect(paths(error)[0]).toBe('POST /search?q=cats&lang=en')
})

test('a sequence of one request counts as one recording', async () => {
  const error = await missed(
    [(url) => get(`${url}/counter`), (url) => get(`${url}/counter`), (url) => get(`${url}/b`)],
    (url) => get(`${url}/c`),
    { allowPlaybackRepeats: false },
  )
  expect(paths(error)).toEqual(['GET /b', 'GET /counter'])
})

test('among many the one that differs in the head alone is found', async () => {
  const ids = Array.from({ length: 100 }, (_, id) => id)
  const error = await missed(
    ids.map((id) => (url: string) => post(`${url}/items`, { id, text: 'x'.repeat(id) })),
    (url) => post(`${url}/items?new`, { id: 50, text: 'x'.repeat(50) }),
  )
  expect(error.nearest[0]?.differs).toEqual(['query'])
})

test("a matcher of the user's own has its keys compared, and may fail", async () => {
  const tenant = {
    name: 'tenant',
    key: ({ url }: { url: string }) => {
      const found = new URL(url).searchParams.get('tenant')
      if (found === 'broken') throw new Error('no such tenant')
      return `the tenant is ${found}`
    },
  }
  const error = await missed(
    [(url) => get(`${url}/a?tenant=1`)],
    (url) => get(`${url}/a?tenant=2`),
    { matchOn: ['path', tenant] },
  )
  expect(error.message).toMatch(
    /path {4}agrees\n +tenant {2}differs\n +- the tenant is 1\n +\+ the tenant is 2$/,
  )
})

test('what is secret stays so without redaction too, and a difference in it shows', async () => {
  const error = await missed(
    [(url) => get(`${url}/a?token=first-secret`)],
    (url) => get(`${url}/a?token=second-secret`),
    { redact: false },
  )
  expect(inspect(error, { showHidden: true }) + JSON.stringify(error)).not.toMatch(
    /(first|second)-secret/,
  )
  expect(error.url).toMatch(/token=\[REDACTED\]$/)
  expect(error.message).toMatch(/- token: \[REDACTED:2\]\n +\+ token: \[REDACTED\]\n/)
})

test('a message has 60 lines at most, and says what is cut', async () => {
  const many = (name: string) =>
    Array.from({ length: 40 }, (_, at) => `${name}${at}=${at}`).join('&')
  const lines = (word: string) => Array.from({ length: 80 }, (_, at) => ({ [`${word}${at}`]: at }))
  const error = await missed(
    [(url) => post(`${url}/a?${many('x')}`, lines('x')), (url) => get(`${url}/b`)],
    (url) => post(`${url}/a?${many('y')}`, lines('y'), { accept: 'text/html', range: 'bytes=1-' }),
  )
  const told = error.message.split('\n')
  expect(told.length).toBeLessThanOrEqual(60)
  expect(told.filter((line) => line.includes('more lines'))).toEqual([
    `${' '.repeat(14)}… 71 more lines`,
    expect.stringMatching(/^ {14}… \d+ more lines$/),
  ])
  expect(Math.max(...told.map((line) => line.length))).toBeLessThan(300)
})

test('a message has no character that moves a cursor', async () => {
  const error = await missed([(url) => get(`${url}/a?b=%1B%5B2J`)], (url) =>
    get(`${url}/a?b=%07%0A`),
  )
  expect(error.message).toContain(String.raw`- b: \u001b[2J`)
  expect(error.message).toContain(String.raw`+ b: \u0007\n`)
})

test('the message is plain, and printed in colours where Node asks for them', async () => {
  const error = await missed([(url) => get(`${url}/a`)], (url) => get(`${url}/b`))
  const green = '\u001b[32m+ /b\u001b[39m'
  expect(error.message).toContain('+ /b')
  expect(error.message + error.stack + inspect(error)).not.toContain('\u001b')
  expect(inspect(error, { colors: true })).toContain(green)
  expect(inspect(new TypeError('fetch failed', { cause: error }), { colors: true })).toContain(
    green,
  )
})

test.each([
  {
    title: 'one matcher of several',
    matchOn: ['method', 'path', 'query', 'body'] as const,
    change: "matchOn: [..., jsonBody({ ignore: ['/nonce'] })] in the place of 'body'",
    send: (url: string, nonce: number) => post(`${url}/a`, { nonce }),
  },
  {
    title: 'two matchers',
    matchOn: ['query', 'body'] as const,
    change:
      "matchOn: [..., query({ ignore: ['it\\'s', 'nonce'] })] in the place of 'query'; " +
      "matchOn: [..., jsonBody({ ignore: ['/nonce'] })] in the place of 'body'",
    send: (url: string, nonce: number) =>
      post(`${url}/a?nonce=${nonce}&it's=1795000${nonce}0`, { nonce }),
  },
])(
  "of a list of the user's own only the change is told: $title",
  async ({ matchOn, change, send }) => {
    const error = await missed([(url) => send(url, 10)], (url) => send(url, 11), { matchOn })
    expect(error.reason).toBe('generated fields')
    expect(error.message).toContain(`\n\n  ${change}\n\n`)
  },
)

test("a port that is another one is left out of a list of the user's own", async () => {
  const error = await missed([(url) => get(`${url}/a`)], () => get('http://127.0.0.1:4999/a'), {
    matchOn: ['port', 'path'],
  })
  expect(error.reason).toBe('recorded elsewhere')
  expect(error.message).toContain("\n\n  matchOn: [...] without 'port'\n\n")
})
