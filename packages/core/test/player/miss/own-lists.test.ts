import { expect, test } from 'vitest'
import { graphql, jsonBody, query, UnhandledRequestError } from '../../../src/index.ts'
import type { PlayerOptions } from '../../../src/index.ts'
import { MissScene, post } from '../../support/miss-scene.ts'

type MatchOn = NonNullable<PlayerOptions['matchOn']>

const url = ['method', 'url', 'headers'] as const

async function missed(
  matchOn: MatchOn,
  stored: (url: string) => Promise<unknown>,
  actual: (url: string) => Promise<unknown>,
): Promise<UnhandledRequestError> {
  const scene = await MissScene.record(stored, { matchOn })
  const error = await scene.error(actual, { matchOn, recordMode: 'none' })
  expect(error).toBeInstanceOf(UnhandledRequestError)
  return error as UnhandledRequestError
}

test.each([
  {
    title: 'a jsonBody() that ignores a field already',
    matchOn: [...url, jsonBody({ ignore: ['/user', '/list/*/at'] })],
    stored: ['/a', { user: 'one', list: [{ at: 1 }], ts: 1 }] as const,
    actual: ['/a', { user: 'two', list: [{ at: 2 }], ts: 2 }] as const,
    change: "jsonBody({ ignore: ['/list/*/at', '/user', '/ts'] })] in the place of jsonBody()",
    cured: [...url, jsonBody({ ignore: ['/list/*/at', '/user', '/ts'] })],
  },
  {
    title: 'a query() that ignores a parameter already',
    matchOn: [...url, query({ ignore: ['user'] }), 'body'] as const,
    stored: ['/a?ts=1', {}] as const,
    actual: ['/a?ts=2&user=two', {}] as const,
    change: "query({ ignore: ['user', 'ts'] })] in the place of query()",
    cured: [...url, query({ ignore: ['user', 'ts'] }), 'body'] as const,
  },
  {
    title: 'graphql()',
    matchOn: [...url, graphql()],
    stored: ['/graphql', { query: '{a}', variables: { nonce: 1 } }] as const,
    actual: ['/graphql', { query: '{a}', variables: { nonce: 2 } }] as const,
    change: "jsonBody({ ignore: ['/variables/nonce'] })] in the place of graphql()",
    cured: [...url, jsonBody({ ignore: ['/variables/nonce'] })],
  },
])(
  'what is to be done about $title answers when it is done',
  async ({ matchOn, stored, actual, change, cured }) => {
    const send =
      ([path, body]: readonly [string, unknown]) =>
      (origin: string) =>
        post(origin + path, body)
    const error = await missed(matchOn, send(stored), send(actual))
    expect(error.reason).toBe('generated fields')
    expect(error.message).toContain(`\n\n  matchOn: [..., ${change}\n\n`)

    const scene = await MissScene.record(send(stored), { matchOn: cured })
    const answered = scene.error(send(actual), { matchOn: cured, recordMode: 'none' })
    await expect(answered).rejects.toThrow('There was no miss.')
  },
)

test('what a matcher ignores is not shown as a difference', async () => {
  const { message } = await missed(
    [...url, jsonBody({ ignore: ['/id', '/items/*/id', '/tags/0'] })],
    (origin) => post(`${origin}/a`, { id: 1, items: [{ id: 1 }], page: 1, tags: ['a', 'c'] }),
    (origin) => post(`${origin}/a`, { id: 2, items: [{ id: 2 }], page: 2, tags: ['b', 'c'] }),
  )
  const changed = message.split('\n').filter((line) => /^ {14}[-+]/.test(line))
  expect(changed.map((line) => line.trim())).toEqual(['-  "page": 1,', '+  "page": 2,'])
})

test('where url is in the list it is told what it stands for', async () => {
  const { message } = await missed(
    [...url, jsonBody()],
    (origin) => post(`${origin}/a`, {}),
    () => post('http://127.0.0.1:4999/a', {}),
  )
  expect(message).toContain(
    "\n\n  matchOn: [...] without 'port' ('url' stands for scheme, host, port, path and query)\n\n",
  )
})
