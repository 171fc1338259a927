import { existsSync, readdirSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HookError, OptionError, play, Player, UnhandledRequestError } from '../../src/index.ts'
import { recordModes } from '../../src/model/record-mode.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

const text = async (url: string) => (await fetch(url)).text()
const causeOf = async (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => undefined,
    (error: Error) => error.cause,
  )

test.each(recordModes)(
  'ignored requests pass through in the mode %s and are not stored',
  async (recordMode) => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')
    const { host } = new URL(origin.url)

    for (const options of [
      { ignoreHosts: [host] },
      { ignoreHosts: [/^127\.0\.0\.1$/g] },
      { ignoreLocalhost: true },
      { ignore: ({ url }: { url: string }) => url.endsWith('/counter') },
    ]) {
      const hits = origin.hits
      await play(path, { ...options, recordMode }, async () => {
        expect(await text(`${origin.url}/counter`)).toBe(`{"hit":${hits + 1}}`)
        expect(await text(`${origin.url}/counter`)).toBe(`{"hit":${hits + 2}}`)
      })
    }

    expect(existsSync(path)).toBe(false)
  },
)

test('what is stored already passes through as well', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  await play(path, () => text(`${origin.url}/counter`))

  const player = new Player(path, { ignoreLocalhost: true })
  expect(await player.play(() => text(`${origin.url}/counter`))).toBe('{"hit":2}')

  expect(player.report()).toMatchObject({ replayed: [], unused: [expect.any(String)] })
})

test('only what is ignored passes; the rest is recorded', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')

  await play(path, { ignoreHosts: [`127.0.0.1:${Number(new URL(origin.url).port) + 1}`] }, () =>
    text(`${origin.url}/json`),
  )

  expect(readdirSync(path)).toHaveLength(1)
})

test('an ignored upload reaches the origin piece by piece: nobody waits for its body', async () => {
  const { promise: firstPiece, resolve: sawFirst } = Promise.withResolvers<string>()
  const server = http.createServer((request, response) => {
    request.once('data', (chunk: Buffer) => sawFirst(chunk.toString()))
    request.on('end', () => response.end('whole'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }

  await play(join(tempDir(), 'cassette'), { ignoreLocalhost: true }, async () => {
    const request = http.request({ port, method: 'POST' })
    const answered = new Promise<void>((resolve) => {
      request.on('response', (response) => response.resume().on('end', resolve))
    })
    request.write('first')
    expect(await firstPiece).toBe('first')
    request.end('second')
    await answered
  })

  await new Promise((resolve) => server.close(resolve))
})

test('ignore sees the method, the URL and the headers as they are sent, and no body', async () => {
  const origin = await testOrigin()
  const seen: unknown[] = []
  const ignore = (request: unknown) => {
    seen.push(request)
    return true
  }

  await play(join(tempDir(), 'cassette'), { ignore }, () =>
    fetch(`${origin.url}/json?api_key=live-key`, {
      method: 'POST',
      headers: { Authorization: 'Bearer live' },
      body: 'body',
    }),
  )

  expect(seen).toEqual([
    {
      method: 'POST',
      url: `${origin.url}/json?api_key=live-key`,
      headers: expect.arrayContaining([[expect.stringMatching(/^authorization$/i), 'Bearer live']]),
    },
  ])
})

test.each([
  [
    'throws',
    () => {
      throw new Error('of the user')
    },
    'it threw: of the user',
  ],
  ['returns a promise', async () => true, 'it returned Promise'],
  ['returns nothing', () => undefined, 'it returned undefined'],
])('an ignore that %s fails its request, named and redacted', async (_what, ignore, problem) => {
  const origin = await testOrigin()
  const player = new Player(join(tempDir(), 'cassette'), {
    ignore: ignore as unknown as () => boolean,
    redact: { query: ['member'] },
  })

  await player.play(async () => {
    const cause = await causeOf(text(`${origin.url}/json?api_key=live-key&member=live-id`))
    expect(cause).toBeInstanceOf(HookError)
    const { message } = cause as Error
    expect(message).toContain(
      `The hook ignore failed for GET ${origin.url}/json?api_key=[REDACTED]&member=[REDACTED]`,
    )
    expect(message).toContain(problem)
  })

  expect(origin.hits).toBe(0)
  expect(player.takeFailures()).toHaveLength(1)
})

test.each([{ ignoreLocalhost: true }, { ignoreHosts: ['127.0.0.1'] }, { ignore: () => true }])(
  'blockNetwork refuses what would pass, and says why: %o',
  async (options) => {
    const origin = await testOrigin()
    const redact = { query: ['member'] }
    const path = join(tempDir(), 'cassette')
    const player = new Player(path, { ...options, redact, blockNetwork: true })

    await player.play(async () => {
      const cause = await causeOf(text(`${origin.url}/json?token=live-token&member=live-id`))
      expect(cause).toBeInstanceOf(UnhandledRequestError)
      const { message } = cause as Error
      expect(message).toContain('blockNetwork')
      expect(message).toContain(Object.keys(options)[0])
      expect(message).not.toMatch(/live-(token|id)/)
    })

    expect(origin.hits).toBe(0)
    const told = `GET ${origin.url}/json?token=[REDACTED]&member=[REDACTED]`
    expect(player.report().unhandled).toEqual([told])
  },
)

test('blockNetwork replays, and records in no mode', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  await play(path, () => text(`${origin.url}/json`))

  await play(path, { blockNetwork: true, recordMode: 'all' }, async () => {
    expect(await text(`${origin.url}/json`)).toContain('octocat')
    const cause = await causeOf(text(`${origin.url}/png`))
    expect((cause as Error).message).toContain('blockNetwork is true')
  })

  expect(origin.hits).toBe(1)
})

test.each([
  'https://api.example.com',
  'api.example.com/users',
  '*',
  'a.*.com',
  '',
  'host:port',
  'host:99999',
  7,
])('the host %j is refused with what would be one', (host) => {
  const make = () => new Player('cassette', { ignoreHosts: [host as string] })
  expect(make).toThrow(OptionError)
  expect(make).toThrow("'*.example.com'")
})
