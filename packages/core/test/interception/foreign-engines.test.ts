import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import http, { ClientRequest } from 'node:http'
import { createRequire } from 'node:module'
import net from 'node:net'
import { dirname, join, sep } from 'node:path'
import tls from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { WebSocket as WsClient } from 'ws'
import { TestFileSession } from '../../src/runner/index.ts'
import type { RunnerOptions } from '../../src/runner/runner-options.ts'
import { httpRequest } from '../support/http-request.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'
import { webSocketServer } from '../support/websocket-server.ts'

interface Event {
  readonly request: Request
  readonly initiator: unknown
  readonly controller: { respondWith(response: Response): void }
}

/** What msw 3 and nock 15 use of the engine. */
interface Engine {
  apply(): void
  dispose(): void
  on(type: 'request', listener: (event: Event) => void): unknown
}

/** What msw replaces the class WebSocket with. */
interface WebSockets {
  apply(): void
  dispose(): void
  on(type: 'connection', listener: (event: { server: { connect(): void } }) => void): unknown
}

/** Loads a copy of nock's engine of its own, as somebody else's dependency would be. */
function otherCopy(): { engine: Engine; webSockets: WebSockets } {
  const requireOfNock = createRequire(createRequire(import.meta.url).resolve('nock'))
  const name = '@mswjs/interceptors'
  const [modules = ''] = requireOfNock.resolve(name).split(join(sep, name, 'lib'))
  const own = join(tempDir(), 'node_modules')
  mkdirSync(own)
  cpSync(join(modules, name), join(own, name), { recursive: true, dereference: true })
  for (const entry of readdirSync(modules)) {
    const path = join(own, entry)
    if (!existsSync(path)) symlinkSync(join(modules, entry), path, 'junction')
  }
  for (const entry of readdirSync(join(modules, dirname(name)))) {
    const path = join(own, dirname(name), entry)
    if (!existsSync(path)) symlinkSync(join(modules, dirname(name), entry), path, 'junction')
  }
  const load = createRequire(join(own, 'index.js'))
  const { HttpRequestInterceptor }: { HttpRequestInterceptor: new () => Engine } = load(
    `${name}/http`,
  )
  const { WebSocketInterceptor }: { WebSocketInterceptor: new () => WebSockets } = load(
    `${name}/WebSocket`,
  )
  const loaded: { HttpRequestInterceptor: unknown } = requireOfNock(`${name}/http`)
  expect(HttpRequestInterceptor).not.toBe(loaded.HttpRequestInterceptor)
  return { engine: new HttpRequestInterceptor(), webSockets: new WebSocketInterceptor() }
}

const end: (() => Promise<void> | void)[] = []

afterEach(async () => {
  for (const one of end.splice(0)) await one()
})

/** A test file begins, and then a copy of the engine is loaded and applied. */
function scene({ root = tempDir(), ...options }: RunnerOptions & { root?: string } = {}) {
  const testFile = join(root, 'a.test.ts')
  writeFileSync(testFile, '')
  const session = TestFileSession.start({ testFile, root }, { ignoreOwnServers: false, ...options })
  const { engine, webSockets } = otherCopy()
  end.push(
    () => engine.dispose(),
    () => webSockets.dispose(),
    () => session.finish(false),
  )
  const heard: Event[] = []
  engine.on('request', (event) => {
    heard.push(event)
    if (event.request.url.endsWith('/stubbed')) event.controller.respondWith(new Response('stub'))
  })
  return {
    session,
    engine,
    webSockets,
    heard,
    root,
    paths: () => heard.map(({ request }) => pathOf(request)),
  }
}

function pathOf({ url }: Request): string {
  return new URL(url).pathname
}

const clients = {
  fetch: async (url: string) => (await fetch(url)).text(),
  'node:http': async (url: string) => (await httpRequest(url)).body.toString(),
}

test.each(Object.entries(clients))(
  'what another copy answers is its answer, all else is the cassette’s: %s',
  async (_client, get) => {
    const origin = await testOrigin()
    const { session, engine, root, paths } = scene()
    engine.apply()
    expect(await get(`${origin.url}/stubbed`)).toBe('stub')
    const recorded = await get(`${origin.url}/counter`)
    await session.finish(false)
    engine.dispose()
    expect(origin.hits).toBe(1)
    expect(paths()).toEqual(['/stubbed', '/counter'])

    const replay = scene({ root, recordMode: 'none' })
    replay.engine.apply()
    expect(await get(`${origin.url}/stubbed`)).toBe('stub')
    expect(await get(`${origin.url}/counter`)).toBe(recorded)
    await expect(get(`${origin.url}/json`)).rejects.toThrow(/./)
    expect(replay.paths()).toContain('/stubbed')
    expect(origin.hits).toBe(1)
  },
)

test('another copy patches nothing', () => {
  const { engine } = scene()
  const patched = (): unknown[] => [
    fetch,
    WebSocket,
    http.ClientRequest,
    http.request,
    http.get,
    net.connect,
    Reflect.get(net.Socket.prototype, 'connect'),
    tls.connect,
  ]
  const before = patched()

  engine.apply()

  expect(patched().map((one, at) => one === before[at])).not.toContain(false)
})

test('another copy is told who makes a request', async () => {
  const origin = await testOrigin()
  const { engine, heard } = scene()
  engine.apply()

  for (const get of Object.values(clients)) await get(`${origin.url}/stubbed`)

  const [byFetch, byHttp] = heard.map(({ initiator }) => initiator)
  expect(byFetch).toBeInstanceOf(Request)
  expect(byHttp).toBeInstanceOf(ClientRequest)
})

test('a copy that is disposed of hears no more, until it is applied again', async () => {
  const origin = await testOrigin()
  const { engine, paths } = scene({ recordMode: 'none' })
  engine.apply()
  engine.dispose()
  await expect(clients.fetch(`${origin.url}/stubbed`)).rejects.toThrow(/./)
  expect(paths()).toEqual([])

  engine.on('request', ({ controller }) => controller.respondWith(new Response('again')))
  engine.apply()
  expect(await clients.fetch(`${origin.url}/stubbed`)).toBe('again')
  expect(origin.hits).toBe(0)
})

test('a copy that was never applied hears nothing', async () => {
  const origin = await testOrigin()
  const { paths } = scene()

  expect(await clients.fetch(`${origin.url}/json`)).toContain('{')
  expect(paths()).toEqual([])
})

test('another copy hears of the handshake of ws, not of that of the class that it replaces', async () => {
  const server = await webSocketServer((client) => client.close())
  const { engine, paths } = scene()
  engine.apply()

  await once(new WsClient(`${server.url}/by-ws`), 'close')
  await once(new WebSocket(`${server.url}/by-class`), 'close')

  expect(paths()).toEqual(['/by-ws'])
})

test('two copies hear of the same requests', async () => {
  const origin = await testOrigin()
  const { engine, paths } = scene()
  const { engine: second } = otherCopy()
  end.push(() => second.dispose())
  const heard: string[] = []
  second.on('request', ({ request }) => heard.push(pathOf(request)))
  engine.apply()
  second.apply()

  await clients.fetch(`${origin.url}/stubbed`)
  await clients.fetch(`${origin.url}/json`)

  expect(paths()).toEqual(['/stubbed', '/json'])
  expect(heard).toEqual(paths())
})

test('what the WebSocket of another copy hears from the server is recorded and replayed', async () => {
  const server = await webSocketServer((client) => client.send('from the server'))
  const hear = async (): Promise<unknown> => {
    const client = new WebSocket(server.url)
    const [event] = (await once(client, 'message')) as [MessageEvent]
    client.close()
    return event.data
  }
  const { session, webSockets, root } = scene()
  webSockets.on('connection', (connection) => connection.server.connect())
  webSockets.apply()
  expect(await hear()).toBe('from the server')
  await session.finish(false)
  webSockets.dispose()
  await server.close()
  const { connections } = server

  const replay = scene({ root, recordMode: 'none' })
  replay.webSockets.on('connection', (connection) => connection.server.connect())
  replay.webSockets.apply()
  expect(await hear()).toBe('from the server')
  expect(connections).toBe(1)
})
