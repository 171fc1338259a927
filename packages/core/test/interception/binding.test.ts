import http from 'node:http'
import { join } from 'node:path'
import { ReadableStream } from 'node:stream/web'
import { request } from 'undici'
import { describe, expect, onTestFinished, test } from 'vitest'
import { insert, play, Player } from '../../src/index.ts'
import { TestFileSession } from '../../src/runner/index.ts'
import { httpRequest } from '../support/http-request.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'
import { writeFileSync } from 'node:fs'

const clients = {
  fetch: async (url: string) => (await fetch(url)).text(),
  'node:http': async (url: string) => (await httpRequest(url)).body.toString(),
  undici: async (url: string) => (await request(url)).body.text(),
}

describe.each(Object.entries(clients))(
  'a request through %s that was made before eject',
  (_, get) => {
    test('is recorded, though it was not yet sent', async () => {
      const origin = await testOrigin()
      const player = insert(join(tempDir(), 'cassette'))

      const answer = get(`${origin.url}/json`)
      await player.eject()

      expect(await answer).toContain('octocat')
      expect(player.report().recorded).toHaveLength(1)
    })

    test('is refused in mode none', async () => {
      const origin = await testOrigin()
      const player = insert(join(tempDir(), 'cassette'), { recordMode: 'none' })

      const outcome = get(`${origin.url}/json`).catch((error: unknown) => error)
      await player.eject()

      expect(await outcome).toBeInstanceOf(Error)
      expect(origin.hits).toBe(0)
    })
  },
)

test('requests that wait in the queue of an agent are recorded by the cassette they were made under', async () => {
  const origin = await testOrigin()
  const agent = new http.Agent({ maxSockets: 1 })
  const player = insert(join(tempDir(), 'cassette'))

  const all = ['a', 'b', 'c'].map((path) => httpRequest(`${origin.url}/${path}`, { agent }))
  await player.eject()
  await Promise.all(all)

  expect(player.report().recorded).toHaveLength(3)
})

test('a request that waits for a socket from before the insertion is answered all the same', async () => {
  const origin = await testOrigin()
  const agent = new http.Agent({ maxSockets: 1, keepAlive: true })
  onTestFinished(() => agent.destroy())
  const before = httpRequest(`${origin.url}/slow`, { agent })
  await new Promise((resolve) => setTimeout(resolve, 50))

  const waiting = await play(join(tempDir(), 'cassette'), { recordMode: 'none' }, () =>
    httpRequest(`${origin.url}/json`, { agent }).catch((error: unknown) => error),
  )

  expect(waiting).toMatchObject({ name: 'UnhandledRequestError' })
  expect((await before).status).toBe(200)
  expect(origin.requests).toEqual(['GET /slow'])
})

test('concurrent streamed uploads land in the cassettes they were made under', async () => {
  const origin = await testOrigin()
  const dir = tempDir()
  const upload = async (name: string, afterMs: number) => {
    const player = new Player(join(dir, `${name}.json`))
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        await new Promise((resolve) => setTimeout(resolve, afterMs))
        controller.enqueue(Buffer.from(name))
        controller.close()
      },
    })
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit
    await player.play(async () => (await fetch(`${origin.url}/${name}`, init)).text())
    return player.report().recorded.length
  }

  const recorded = await Promise.all([upload('a', 40), upload('b', 20), upload('c', 30)])

  expect(recorded).toEqual([1, 1, 1])
})

test('an upload that its own client breaks off fails no test', async () => {
  const origin = await testOrigin()
  const root = tempDir()
  const testFile = join(root, 'a.test.ts')
  writeFileSync(testFile, '')
  const session = TestFileSession.start({ testFile, root }, {})
  onTestFinished(() => session.finish())
  const scope = session.startTest('aborts')
  const controller = new AbortController()
  const body = new ReadableStream<Uint8Array>({
    start(stream) {
      stream.enqueue(Buffer.from('half of it'))
    },
  })
  const init = { method: 'POST', body, duplex: 'half', signal: controller.signal } as RequestInit

  const upload = fetch(`${origin.url}/echo`, init).catch((error: unknown) => error)
  setTimeout(() => controller.abort(), 30)

  expect(await upload).toMatchObject({ name: 'AbortError' })
  expect(await session.saveTest(scope)).toBeUndefined()
})

test('a retry starts anew: what the failed attempt recorded is taken back', async () => {
  const origin = await testOrigin()
  const player = new Player(join(tempDir(), 'cassette'))
  const status = async () => (await fetch(`${origin.url}/flaky`)).status

  await player.play(async () => {
    player.currentTest = 'flaky'
    expect(await status()).toBe(503)
    await player.save()
    player.forgetAttempt('flaky')
    expect(await status()).toBe(200)
  })

  expect(player.report().recorded).toHaveLength(1)
})

test('play hands on what its function threw, though the cassette cannot be written either', async () => {
  const origin = await testOrigin()
  const dir = tempDir()
  const failure = new Error('of the test')

  const outcome = play(join(dir, 'file', 'cassette'), async () => {
    await fetch(`${origin.url}/json`)
    writeFileSync(join(dir, 'file'), 'in the way')
    throw failure
  })

  await expect(outcome).rejects.toBe(failure)
})
