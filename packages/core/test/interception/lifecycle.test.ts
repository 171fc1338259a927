import http from 'node:http'
import http2 from 'node:http2'
import net from 'node:net'
import { join } from 'node:path'
import tls from 'node:tls'
import { Agent, request } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { eject, insert, passthrough, play } from '../../src/index.ts'
import { httpRequest } from '../support/http-request.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

const text = async (url: string) => (await fetch(url)).text()

function descriptors(): Record<string, PropertyDescriptor | undefined> {
  const dispatchers = [1, 2].map((version) => Symbol.for(`undici.globalDispatcher.${version}`))
  const owners: [string, object, (string | symbol)[]][] = [
    ['globalThis', globalThis, ['fetch', 'Headers', 'Request', 'Response', ...dispatchers]],
    ['Headers', Headers.prototype, ['append', 'delete', 'set', 'get', 'has']],
    ['http', http, ['get', 'request', 'ClientRequest', 'Agent', 'globalAgent']],
    ['http2', http2, ['connect']],
    ['net', net, ['connect', 'createConnection', 'Socket']],
    ['Socket', net.Socket.prototype, ['connect']],
    ['tls', tls, ['connect', 'TLSSocket']],
    ['TLSSocket', tls.TLSSocket.prototype, ['_start', '_wrapHandle']],
    ['Agent', http.Agent.prototype, ['addRequest', 'createSocket']],
  ]
  return Object.fromEntries(
    owners.flatMap(([label, owner, keys]) =>
      keys.map((key) => [`${label}.${String(key)}`, Object.getOwnPropertyDescriptor(owner, key)]),
    ),
  )
}

test('after the last eject every patched function is the very one it was', async () => {
  const origin = await testOrigin()
  const before = descriptors()

  for (let round = 0; round < 5; round += 1) {
    insert(join(tempDir(), 'cassette'))
    await text(`${origin.url}/json`)
    await eject()
  }

  const after = descriptors()
  for (const [name, descriptor] of Object.entries(before)) {
    expect([name, after[name]]).toStrictEqual([name, descriptor])
    expect(after[name]?.value).toBe(descriptor?.value)
  }
})

test('after an eject without a request nothing was patched', async () => {
  const before = descriptors()

  insert(join(tempDir(), 'cassette'))
  await eject()

  expect(descriptors()).toStrictEqual(before)
})

test('what a test puts in the place of a web class before its first request stays, and goes', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const { Response: native } = globalThis
  const Stub = class extends native {}

  insert(path)
  Reflect.set(globalThis, 'Response', Stub)
  await httpRequest(`${origin.url}/json`)
  const during: unknown = globalThis.Response
  Reflect.set(globalThis, 'Response', native)
  await eject()
  await origin.close()

  expect(during).toBe(Stub)
  expect(globalThis.Response).toBe(native)
  const replayed = await play(path, () => httpRequest(`${origin.url}/json`))
  expect(replayed.body.toString()).toContain('octocat')
})

test('http.get and fetch answer from a cassette that is inserted while their sockets are idle', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const agent = new http.Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())
  const get = () => httpRequest(`${origin.url}/json`, { agent })
  await play(path, get)
  await get()
  await text(`${origin.url}/length`)
  const hits = origin.hits

  insert(nextRun(path), { recordMode: 'none' })
  const { body } = await get()
  const refused = await text(`${origin.url}/length`).catch((error: unknown) => error)
  await eject()

  expect(body.toString()).toContain('octocat')
  expect(refused).toMatchObject({ cause: { name: 'UnhandledRequestError' } })
  expect(origin.hits).toBe(hits)
})

test('fetch answers from the cassette though its socket pool was warm before the insertion', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  await play(path, () => text(`${origin.url}/json`))
  await text(`${origin.url}/json`)
  await text(`${origin.url}/json`)
  const hits = origin.hits

  await play(path, { recordMode: 'none' }, async () => {
    expect(await text(`${origin.url}/json`)).toContain('octocat')
    expect(await text(`${origin.url}/json`)).toContain('octocat')
  })

  expect(origin.hits).toBe(hits)
})

test("a user's warm undici Agent records and replays too", async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const dispatcher = new Agent()
  onTestFinished(() => dispatcher.close())
  const get = async (method: 'GET' | 'POST', body: string | null = null) =>
    (await request(`${origin.url}/counter`, { dispatcher, method, body })).body.text()
  await get('GET')
  expect(origin.hits).toBe(1)

  const recorded = await play(path, async () => [await get('GET'), await get('POST', 'body')])
  expect(origin.hits).toBe(3)
  await passthrough(() => get('GET'))
  expect(origin.hits).toBe(4)

  expect(
    await play(path, { recordMode: 'none' }, async () => [
      await get('GET'),
      await get('POST', 'body'),
    ]),
  ).toEqual(recorded)
  expect(origin.hits).toBe(4)
})

test('replays leave no handle behind', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const handles = () =>
    process.getActiveResourcesInfo().filter((resource) => resource.startsWith('TCP')).length
  const get = () => httpRequest(`${origin.url}/length`, { agent: false })
  await play(path, get)
  const before = handles()

  await play(path, async () => {
    for (let at = 0; at < 100; at += 1) {
      await get()
      await text(`${origin.url}/json`)
    }
  })
  await new Promise((resolve) => setTimeout(resolve, 100))

  expect(handles()).toBeLessThanOrEqual(before + 5)
})

test('a request on a socket that a replay used before keeps its own error', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const agent = new http.Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())
  await play(path, () => httpRequest(`${origin.url}/length`, { agent }))

  const error = await play(path, async () => {
    await httpRequest(`${origin.url}/length`, { agent })
    await new Promise((resolve) => setTimeout(resolve, 20))
    return new Promise((resolve) => {
      const broken = http.get(`${origin.url}/slow`, { agent }).on('error', resolve)
      setTimeout(() => broken.destroy(new Error('of the application')), 30)
    })
  })

  expect(error).toMatchObject({ message: 'of the application' })
})

test('eject waits for a recording in flight', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')

  insert(path)
  const inFlight = text(`${origin.url}/slow`)
  await new Promise((resolve) => setTimeout(resolve, 50))
  await eject()
  expect(await inFlight).toBe('{"hit":1}')
  await origin.close()

  expect(await play(path, () => text(`${origin.url}/slow`))).toBe('{"hit":1}')
})

test("a connection that breaks is the application's own error and is not recorded", async () => {
  const origin = await testOrigin()
  await origin.close()
  const path = join(tempDir(), 'cassette')

  const error = await play(path, () =>
    text(`${origin.url}/json`).catch((reason: unknown) => reason),
  )

  expect(error).toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNREFUSED' } })
  const again = await testOrigin({ port: Number(new URL(origin.url).port) })
  expect(await play(path, () => text(`${again.url}/json`))).toContain('octocat')
})

test('a stream that is being replayed at the last eject comes to its end', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const events = () =>
    new Promise<http.IncomingMessage>((resolve, reject) => {
      http.get(`${origin.url}/events`, resolve).on('error', reject)
    })
  const heard = async (response: http.IncomingMessage) => {
    let all = ''
    for await (const part of response.setEncoding('utf8')) all += String(part)
    return all
  }
  const recorded = await play(path, async () => heard(await events()))
  await origin.close()

  insert(nextRun(path), { recordMode: 'none', timing: 'recorded' })
  const response = await events()
  await eject()

  expect(await heard(response)).toBe(recorded)
})

test('an agent that keeps connections alive reuses them, live and on replay', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const reuses = async () => {
    const agent = new http.Agent({ keepAlive: true })
    const reused: boolean[] = []
    for (const route of ['json', 'counter', 'length']) {
      await new Promise<void>((resolve, reject) => {
        const sent = http
          .get(`${origin.url}/${route}`, { agent }, (response) => {
            reused.push(sent.reusedSocket)
            // The agent takes the socket back after the end.
            response.resume().on('end', () => setImmediate(resolve))
          })
          .on('error', reject)
      })
    }
    agent.destroy()
    return reused
  }

  expect(await reuses()).toEqual([false, true, true])
  expect(await play(path, reuses)).toEqual([false, true, true])
  expect(await play(path, { recordMode: 'none' }, reuses)).toEqual([false, true, true])
})
