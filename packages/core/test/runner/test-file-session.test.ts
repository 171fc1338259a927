import { AsyncResource } from 'node:async_hooks'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
import { Agent, interceptors, request } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { insert } from '../../src/index.ts'
import type { RunnerOptions } from '../../src/runner/runner-options.ts'
import { TestFileSession, type TestFileStart } from '../../src/runner/index.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'
import { cassetteWarnings, warningsTold } from '../support/warnings.ts'

function startFile(
  name: string,
  root: string,
  options: RunnerOptions = {},
  more: Partial<TestFileStart> = {},
): TestFileSession {
  const testFile = join(root, name)
  writeFileSync(testFile, '')
  const session = TestFileSession.start(
    { testFile, root, ...more },
    // The origin is a server of this very process.
    { ignoreOwnServers: false, ...options },
  )
  onTestFinished(() => session.finish())
  return session
}

test('what code of a file that has ended asks for is refused in mode none', async () => {
  const origin = await testOrigin()
  const session = startFile('a.test.ts', tempDir(), { recordMode: 'none' })
  await session.finish()

  const late = await fetch(`${origin.url}/json`).catch((error: unknown) => error)

  expect(late).toMatchObject({ cause: { name: 'UnhandledRequestError' } })
  expect(String((late as Error).cause)).toMatch(/a\.test\.ts had ended when its code made the/)
  expect(origin.hits).toBe(0)
})

test('in other modes it goes to the network and into no cassette', async () => {
  const origin = await testOrigin()
  const root = tempDir()
  const session = startFile('a.test.ts', root)
  await session.finish()

  await (await fetch(`${origin.url}/json`)).text()

  expect(origin.hits).toBe(1)
  expect(existsSync(join(root, '__cassettes__'))).toBe(false)
})

test('with a context of its own a file is asked for its late requests while the next runs', async () => {
  const origin = await testOrigin()
  const root = tempDir()
  const own = { hasOwnContext: true }
  let later: AsyncResource | undefined
  await new AsyncResource('first').runInAsyncScope(async () => {
    const first = startFile('a.test.ts', root, { recordMode: 'none' }, own)
    later = new AsyncResource('later')
    await first.finish()
  })
  const second = await new AsyncResource('second').runInAsyncScope(async () =>
    startFile('b.test.ts', root, {}, own),
  )

  const late = await later!
    .runInAsyncScope(async () => fetch(`${origin.url}/json`))
    .catch((error: unknown) => error)

  expect(String((late as Error).cause)).toContain('a.test.ts had ended')
  expect(second.takeFailure()).toBeUndefined()
  expect(origin.hits).toBe(0)
})

test('what undici asks for by itself over a connection of the file before belongs to its own file', async () => {
  const origin = await testOrigin()
  const root = tempDir()
  const agent = new Agent({ connections: 1 })
  onTestFinished(() => agent.close())
  const dispatcher = agent.compose(interceptors.redirect({ maxRedirections: 1 }))
  const get = async (path: string): Promise<void> => {
    const { body } = await request(`${origin.url}${path}`, { dispatcher })
    await body.dump()
  }

  for (const name of ['a.test.ts', 'b.test.ts']) {
    await new AsyncResource(name).runInAsyncScope(async () => {
      const session = startFile(name, root, {}, { hasOwnContext: true })
      await Promise.all([get('/redirect'), get('/text'), get('/headers')])
      await session.finish()
    })
  }

  const recorded = (name: string): string[] =>
    readdirSync(join(root, '__cassettes__', name)).map((file) => file)
  expect(recorded('b.test.ts').toSorted()).toEqual(recorded('a.test.ts').toSorted())
  expect(recorded('b.test.ts')).toHaveLength(4)
})

test('a large body that nobody reads does not hold up the end of a file, and is recorded', async () => {
  const server = http.createServer((_request, response) => response.end('large '.repeat(500_000)))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  const root = tempDir()
  const session = startFile('a.test.ts', root)
  const response = await fetch(`http://127.0.0.1:${Object(server.address()).port}/`)
  const warned = cassetteWarnings()

  await session.flush()
  await warningsTold()

  expect(response.status).toBe(200)
  expect(readdirSync(join(root, '__cassettes__/a.test.ts'))).toHaveLength(1)
  expect(warned).toEqual([])
})

test.each([
  ['fetch', async (url: string) => fetch(url)],
  [
    'undici',
    async (url: string) => {
      const dispatcher = new Agent().compose(interceptors.redirect({ maxRedirections: 5 }))
      return request(url, { dispatcher }).then(({ body }) => body.dump())
    },
  ],
])(
  'redirects that %s follows after the last test are recorded and count as used',
  async (_client, ask) => {
    const server = http.createServer(({ url }, response) => {
      const left = Number(url!.slice(1))
      response.writeHead(left === 0 ? 200 : 302, { location: `/${left - 1}` }).end('moved')
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void server.close())
    const url = `http://127.0.0.1:${Object(server.address()).port}/4`
    const root = tempDir()
    const used: (readonly string[])[] = []
    for (const run of ['recording', 'replay']) {
      const session = startFile('a.test.ts', root)
      const asked = ask(url)
      await session.flush()
      used.push(session.usage(true).used)
      await session.finish()
      await asked
      if (run === 'recording') server.closeAllConnections()
      server.close()
    }

    expect(used[0]).toHaveLength(5)
    expect(used[1]).toEqual(used[0])
  },
)

test('what a file that failed requests while its end is awaited is taken back as well', async () => {
  const origin = await testOrigin()
  const root = tempDir()
  const session = startFile('a.test.ts', root, { recordOnFailure: false })
  const both = fetch(`${origin.url}/json`)
    .then((response) => response.text())
    .then(() => fetch(`${origin.url}/counter`))

  await session.flush(true)

  await both
  expect(origin.hits).toBe(2)
  expect(existsSync(join(root, '__cassettes__'))).toBe(false)
})

test('a cassette that a file inserted and left is ejected before the next file', async () => {
  const origin = await testOrigin()
  const root = tempDir()
  startFile('a.test.ts', root)
  await (await fetch(`${origin.url}/text`)).text()
  insert(join(root, 'by-hand'))
  await (await fetch(`${origin.url}/json`)).text()

  const next = startFile('b.test.ts', root)
  await (await fetch(`${origin.url}/png`)).bytes()
  await next.ready
  await next.flush()

  expect(next.usage(true).used).toEqual([expect.stringContaining('b.test.ts/')])
  expect(readdirSync(join(root, 'by-hand'))).toHaveLength(1)
  expect(readdirSync(join(root, '__cassettes__/b.test.ts'))).toEqual([
    expect.stringContaining('_png_'),
  ])
})
