import http from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { request } from 'undici'
import { eject, insert, play } from '../../src/index.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

// nock is imported below, while cassettes are inserted.

interface Source {
  readonly emitter: {
    readonly hooks: {
      on(type: 'beforeEmit', hook: (event: { type: string }) => void): void
      removeListener(type: 'beforeEmit', hook: (event: { type: string }) => void): void
    }
  }
}

/** Counts the requests that the engine tells its listeners of. */
function toldRequests(): Set<object> {
  const registry: Map<symbol, Source> = Reflect.get(globalThis, '__MSW_INTERCEPTORS_REGISTRY')
  const { hooks } = registry.get(Symbol.for('node-http-request-source'))!.emitter
  const told = new Set<object>()
  const hook = (event: { type: string }) => {
    if (event.type === 'request') told.add(event)
  }
  hooks.on('beforeEmit', hook)
  onTestFinished(() => hooks.removeListener('beforeEmit', hook))
  return told
}

/** An agent that is not Node's own is always given a connection. */
class OwnAgent extends http.Agent {}

/** A client with one connection. */
function oneConnection() {
  const agent = new OwnAgent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  return (url: string) =>
    new Promise<{ text: string; reused: boolean }>((resolve, reject) => {
      const sent = http
        .get(url, { agent }, (response) => {
          let text = ''
          response.setEncoding('utf8').on('data', (part: string) => (text += part))
          // The agent takes the socket back after the end.
          response.on('end', () => setImmediate(resolve, { text, reused: sent.reusedSocket }))
        })
        .on('error', reject)
    })
}

async function recorded() {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const get = oneConnection()
  await play(path, async () => {
    await get(`${origin.url}/json`)
    await (await fetch(`${origin.url}/json`)).text()
  })
  await origin.close()
  insert(nextRun(path), { recordMode: 'none' })
  onTestFinished(eject)
  return origin
}

test('the engine is not told of a request that nobody else wants', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const get = oneConnection()
  insert(path)
  onTestFinished(eject)
  const told = toldRequests()
  for (let round = 0; round < 2; round += 1) {
    await get(`${origin.url}/json`)
    await (await fetch(`${origin.url}/length`)).text()
    await (await request(`${origin.url}/counter`, { method: 'POST', body: 'hi' })).body.text()
  }

  expect(told.size).toBe(0)
  expect(origin.hits).toBe(3)
})

test('another listener of the engine answers first, from its first to its last request', async () => {
  const origin = await recorded()
  const get = oneConnection()
  const url = `${origin.url}/json`
  const { HttpRequestInterceptor } = engineOfNock()
  const other = new HttpRequestInterceptor()

  expect((await get(url)).text).toContain('octocat')
  other.apply()
  onTestFinished(() => other.dispose())
  other.on('request', ({ controller }) =>
    controller.respondWith(new Response('other', { headers: { 'Content-Length': '5' } })),
  )
  expect(await get(url)).toEqual({ text: 'other', reused: true })
  other.dispose()
  expect((await get(url)).text).toContain('octocat')
  expect(await (await fetch(url)).text()).toContain('octocat')
})

test('a stub of nock that is imported between two requests on one connection wins', async () => {
  const origin = await recorded()
  const get = oneConnection()
  const url = `${origin.url}/json`
  const told = toldRequests()
  const cassetteAnswers = async () => {
    expect((await get(url)).text).toContain('octocat')
    expect(await (await fetch(url)).text()).toContain('octocat')
  }

  await cassetteAnswers()
  const { default: nock } = await import('nock')
  onTestFinished(() => nock.restore())
  await cassetteAnswers()
  nock.disableNetConnect()
  await cassetteAnswers()
  expect(told.size).toBe(0)
  nock(origin.url).get('/json').reply(200, 'from the stub', { 'Content-Length': '13' })
  expect(await get(url)).toEqual({ text: 'from the stub', reused: true })
  expect(told.size).toBe(1)
  await cassetteAnswers()
  nock(origin.url).persist().get('/json').reply(200, 'from the stub')
  expect((await get(url)).text).toBe('from the stub')
  expect(told.size).toBe(2)
  nock.cleanAll()
  await cassetteAnswers()
  nock(origin.url).get('/other').reply(200)
  await cassetteAnswers()
  nock.restore()
  await cassetteAnswers()
})

test("a listener to nock's 'no match' hears of a request that the cassette answers", async () => {
  const origin = await recorded()
  const { default: nock } = await import('nock')
  nock.activate()
  onTestFinished(() => nock.restore())
  const unmatched: string[] = []
  const listener = (one: Request) => unmatched.push(one.url)
  nock.emitter.on('no match', listener)
  onTestFinished(() => void nock.emitter.off('no match', listener))

  expect((await oneConnection()(`${origin.url}/json`)).text).toContain('octocat')
  expect(unmatched).toEqual([`${origin.url}/json`])
})

interface Engine {
  readonly HttpRequestInterceptor: new () => {
    apply(): void
    dispose(): void
    on(
      type: 'request',
      listener: (event: { controller: { respondWith(response: Response): void } }) => void,
    ): void
  }
}

function engineOfNock(): Engine {
  const requireHere = createRequire(import.meta.url)
  return createRequire(requireHere.resolve('nock'))('@mswjs/interceptors/http')
}
