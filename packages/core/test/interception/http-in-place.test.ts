import { AsyncLocalStorage } from 'node:async_hooks'
import { certificate } from '@fixtures/origin'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import http, { type ClientRequest } from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { join } from 'node:path'
import tls from 'node:tls'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { eject, insert, Player, play, type PlayerOptions } from '../../src/index.ts'
import { httpRequest } from '../support/http-request.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

type Send = (request: ClientRequest) => unknown

interface Call extends https.RequestOptions {
  readonly path: string
  readonly send?: Send
  /** Of Node 24, in bytes. */
  readonly highWaterMark?: number
}

/** Whether a socket has no connection below it. */
const isInPlace = (socket: object | null): boolean =>
  Reflect.get(Reflect.get(socket ?? {}, '_handle') ?? {}, 'constructor')?.name === 'ReplayHandle'

/** All that an application can see of a request, its response and their socket, in order. */
async function looks(origin: string, { path, send, ...options }: Call): Promise<unknown> {
  const { request: open } = origin.startsWith('https:') ? https : http
  const secure = { ca: certificate, ...options }
  const told: unknown[] = []
  const storage = new AsyncLocalStorage<string>()
  const tell = (...what: unknown[]): void => void told.push([storage.getStore(), ...what])
  const request = storage.run('of the caller', () => open(origin + path, secure))
  const closed = new Promise((resolve) => request.once('close', resolve))
  for (const name of ['finish', 'close', 'timeout', 'drain']) request.on(name, () => tell(name))
  request.on('error', (error: NodeJS.ErrnoException) => tell('error', error.code, error.message))
  request.on('information', ({ statusCode }) => tell('information', statusCode))
  request.on('socket', (socket) => {
    tell('socket', ...looksOf(socket, origin))
    const names = ['lookup', 'connect', 'ready', 'secureConnect', 'timeout']
    for (const name of names) socket.once(name, () => told.push(name))
    socket.once('connect', () => told.push(looksOf(socket, origin)))
  })
  request.on('response', (response) => {
    const { statusCode, statusMessage, httpVersion, rawHeaders, headers } = response
    const undated = rawHeaders.filter((_one, at) => !/^date$/i.test(rawHeaders[at - 1] ?? ''))
    tell('response', {
      statusCode,
      statusMessage,
      httpVersion,
      undated,
      names: Object.keys(headers),
    })
    tell('socket', ...looksOf(response.socket, origin))
    let body = ''
    response.setEncoding('latin1').on('data', (chunk: string) => (body += chunk))
    response.on('end', () => tell('end', body, response.complete, response.rawTrailers))
    for (const name of ['aborted', 'close']) response.on(name, () => told.push(`response ${name}`))
  })
  if (send === undefined) request.end()
  else await send(request)
  await closed
  // An agent takes its socket back a little later.
  await new Promise((resolve) => setImmediate(resolve))
  const { reusedSocket, destroyed, socket } = request
  const end = [socket?.destroyed, socket?.timeout, socket?.writableHighWaterMark]
  return { told, reusedSocket, destroyed, end, pool: poolOf(Reflect.get(request, 'agent')) }
}

/** How many sockets an agent has, in use, idle and in all. */
function poolOf(agent: http.Agent): unknown[] {
  const counts = [agent.sockets, agent.freeSockets].map(
    (sockets) => Object.values(sockets).flatMap((some) => some ?? []).length,
  )
  return [...counts, Reflect.get(agent, 'totalSocketCount')]
}

function looksOf(socket: net.Socket, origin: string): unknown[] {
  const { readyState, connecting, pending, remoteAddress, remoteFamily, localAddress } = socket
  const isPort = socket.remotePort === Number(new URL(origin).port)
  const seen = [readyState, connecting, pending, remoteAddress, remoteFamily, localAddress, isPort]
  const kinds = [socket instanceof net.Socket, socket.constructor.name, typeof socket.localPort]
  if (!(socket instanceof tls.TLSSocket)) return [...seen, ...kinds]
  const { encrypted, authorized, authorizationError, alpnProtocol, servername } =
    Object.assign(socket)
  const trust = [encrypted, authorized, Boolean(authorizationError), alpnProtocol, servername]
  return [...seen, ...kinds, ...trust, connecting || socket.getProtocol()]
}

/** What a call looks like without Cassette, recorded, and replayed with the origin gone. */
async function thrice(
  calls: readonly Call[],
  { tls: isTls = false, ...options }: PlayerOptions & { tls?: boolean } = {},
) {
  const origin = await testOrigin({ tls: isTls })
  const path = join(tempDir(), 'cassette')
  const inPlace: boolean[] = []
  const lookAll = async (): Promise<unknown[]> => {
    const agent = new (isTls ? https : http).Agent({ keepAlive: true })
    const seen: unknown[] = []
    for (const call of calls) {
      const watched: Send = async (request) => {
        request.once('socket', (socket) => inPlace.push(isInPlace(socket)))
        return call.send === undefined ? request.end() : call.send(request)
      }
      seen.push(await looks(origin.url, { agent, ...call, send: watched }))
    }
    agent.destroy()
    return seen
  }
  const bare = await lookAll()
  await play(path, options, lookAll)
  await origin.close()
  inPlace.length = 0
  const replayed = await play(nextRun(path), { ...options, recordMode: 'none' }, lookAll)
  return { bare, replayed, inPlace }
}

const text =
  (body: string): Send =>
  (request) =>
    request.end(body)

describe('a request that is answered without a connection looks like one of Node', () => {
  const calls: Record<string, readonly Call[]> = {
    'JSON, over a connection and over the same again': [{ path: '/json' }, { path: '/json' }],
    'a picture': [{ path: '/png' }],
    gzip: [{ path: '/gzip' }],
    cookies: [{ path: '/cookies' }],
    'raw headers': [{ path: '/raw-headers' }],
    HEAD: [{ path: '/length', method: 'HEAD' }],
    'no content': [{ path: '/no-content' }],
    'not modified': [{ path: '/not-modified' }, { path: '/json' }],
    'a text that is sent': [{ path: '/echo', method: 'POST', send: text('hello') }],
    'chunks that are sent': [
      {
        path: '/echo',
        method: 'PUT',
        send: (request) => {
          request.write('one', () => request.emit('drain'))
          request.end('two')
        },
      },
    ],
    'a body that is piped': [
      {
        path: '/echo',
        method: 'POST',
        send: async (request) => {
          await Promise.resolve()
          process.nextTick(() => request.end('piped'))
        },
      },
    ],
    'a connection that is closed': [
      { path: '/json', agent: false },
      { path: '/json', agent: false },
    ],
    'little room': [{ path: '/json', highWaterMark: 1000 }],
    'a time limit': [{ path: '/json', timeout: 60_000 }, { path: '/json' }],
  }
  describe.each(['http', 'https'])('%s', (protocol) => {
    test.each(Object.entries(calls))('%s', async (_name, some) => {
      const { bare, replayed, inPlace } = await thrice(some, {
        tls: protocol === 'https',
        redact: false,
      })

      expect(replayed).toEqual(bare)
      expect(inPlace).toEqual(some.map(() => true))
    })
  })

  test('one whose server is not verified', async () => {
    const some = [{ path: '/json', rejectUnauthorized: false, ca: '' }]
    const { bare, replayed, inPlace } = await thrice(some, { tls: true })

    expect(replayed).toEqual(bare)
    expect(inPlace).toEqual([true])
  })
})

/** A cassette of some paths, whose origin is gone. */
async function recorded(paths: readonly string[], options: PlayerOptions = {}) {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  await play(path, options, async () => {
    for (const one of paths) await httpRequest(origin.url + one)
  })
  await origin.close()
  return { url: origin.url, replay: nextRun(path), hits: () => origin.hits }
}

/** Makes a request and tells whether it was answered without a connection, and what came. */
async function ask(url: string, { send, ...options }: Omit<Call, 'path'> = {}) {
  const request = http.request(url, options)
  const answered = new Promise<string>((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      response.on('end', () => resolve(body)).on('error', reject)
    })
  })
  const socket = new Promise((resolve) => request.once('socket', resolve))
  if (send === undefined) request.end()
  else void send(request)
  const body = await answered
  return { body, inPlace: isInPlace((await socket) as object) }
}

describe('Node connects, and the answer is the same, for', () => {
  class OwnAgent extends http.Agent {}
  const own = Object.assign(new http.Agent(), {
    createConnection: (options: net.NetConnectOpts) => net.connect(options),
  })
  const large = 'a'.repeat(1024 * 1024 + 1)
  const calls: Record<string, Omit<Call, 'path'>> = {
    'an agent of another class': { agent: new OwnAgent() },
    'an agent that connects in its own way': { agent: own },
    'a connection that is made by hand': {
      createConnection: ({ port }) => net.connect(Number(port), '127.0.0.1'),
    },
    'an address of its own': { localAddress: '127.0.0.1' },
    'a family of addresses': { family: 4 },
    'a body that comes later': {
      method: 'POST',
      send: (request) => void setTimeout(() => request.end('late'), 20),
    },
    'a body of more than 1 MB': { method: 'POST', send: text(large) },
    'one that waits for 100': {
      method: 'POST',
      headers: { Expect: '100-continue' },
      send: (request) => request.on('continue', () => request.end('on')).flushHeaders(),
    },
  }
  test.each(Object.entries(calls))('%s', async (_name, call) => {
    const { url, replay } = await recorded(['/json'])
    const options = { recordMode: 'none', matchOn: ['url'] } as const

    const seen = await play(replay, options, () => ask(`${url}/json`, call))

    expect(seen).toEqual({ body: '{"login":"octocat","id":1}', inPlace: false })
  })

  test('a body that comes later, which is refused where it was not recorded', async () => {
    const origin = await testOrigin()
    const send: Send = (request) => setTimeout(() => request.end('late'), 20)
    const path = join(tempDir(), 'cassette')

    const error = await play(path, { recordMode: 'none' }, () =>
      ask(`${origin.url}/echo`, { method: 'POST', send }).catch((reason: unknown) => reason),
    )

    expect(error).toMatchObject({ name: 'UnhandledRequestError' })
    expect(origin.hits).toBe(0)
  })
})

describe('who stands between an agent and its sockets has a say', () => {
  const stubbed = () => {
    throw new Error('of the stub')
  }
  const places: Record<string, readonly [object, string]> = {
    'net.createConnection': [net, 'createConnection'],
    'createConnection of http.Agent': [http.Agent.prototype, 'createConnection'],
    'createSocket of http.Agent': [http.Agent.prototype, 'createSocket'],
    'tls.connect': [tls, 'connect'],
    'createConnection of https.Agent': [https.Agent.prototype, 'createConnection'],
  }
  test.each(Object.entries(places))('%s', async (name, [place, method]) => {
    const isTls = name.includes('https') || name.includes('tls')
    const origin = await testOrigin({ tls: isTls })
    const path = join(tempDir(), 'cassette')
    const agent = new (isTls ? https : http).Agent()
    const get = () => httpRequest(`${origin.url}/json`, { agent, ca: certificate })
    await play(path, get)
    await origin.close()
    const nodes: unknown = Reflect.get(place, method)
    Reflect.set(place, method, stubbed)
    onTestFinished(() => void Reflect.set(place, method, nodes))

    const seen = await play(nextRun(path), { recordMode: 'none' }, () =>
      get().catch((error: unknown) => error),
    )

    expect(seen).toMatchObject({ message: 'of the stub' })
  })

  test('a watch on the connect of every socket is told', async () => {
    const { url, replay } = await recorded(['/json'])

    const seen = await play(replay, { recordMode: 'none' }, () => {
      const watch = vi.spyOn(net.Socket.prototype, 'connect')
      onTestFinished(() => watch.mockRestore())
      return ask(`${url}/json`).then((answer) => ({ answer, calls: watch.mock.calls.length }))
    })

    expect(seen.answer.inPlace).toBe(false)
    expect(seen.calls).toBeGreaterThan(0)
  })

  test('an agent that is destroyed breaks its requests off', async () => {
    const { url, replay } = await recorded(['/json'])
    const agent = new http.Agent({ keepAlive: true })
    const send: Send = (request) => request.on('socket', () => agent.destroy()).end()

    const error = await play(replay, { recordMode: 'none' }, () =>
      ask(`${url}/json`, { agent, send }).catch((reason: unknown) => reason),
    )

    expect(error).toMatchObject({ code: 'ECONNRESET' })
  })

  test('an agent with a limit keeps to it', async () => {
    const { url, replay } = await recorded(['/json'])
    const agent = new http.Agent({ keepAlive: true, maxSockets: 2 })
    onTestFinished(() => agent.destroy())
    let most = 0
    const send: Send = (request) =>
      request.on('socket', () => (most = Math.max(most, Number(poolOf(agent)[0])))).end()

    const seen = await play(replay, { recordMode: 'none' }, () =>
      Promise.all(Array.from({ length: 9 }, () => ask(`${url}/json`, { agent, send }))),
    )

    expect(new Set(seen.map(({ body, inPlace }) => `${body} ${inPlace}`)).size).toBe(1)
    expect(most).toBe(2)
  })

  test('who watches free sockets is told of them', async () => {
    const { url, replay } = await recorded(['/json'])
    let told = 0
    const agent = new http.Agent({ keepAlive: true }).on('free', () => (told += 1))
    onTestFinished(() => agent.destroy())

    await play(replay, { recordMode: 'none' }, async () => {
      await ask(`${url}/json`, { agent })
      await new Promise((resolve) => setImmediate(resolve))
    })

    expect(told).toBe(1)
  })
})

test('an idle socket that fails is the business of its agent', async () => {
  const { url, replay } = await recorded(['/json'])
  const agent = new http.Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())

  await play(replay, { recordMode: 'none' }, async () => {
    await ask(`${url}/json`, { agent })
    await new Promise((resolve) => setImmediate(resolve))
    const [idle] = Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? [])
    const closed = new Promise((resolve) => idle?.once('close', resolve))
    idle?.destroy(new Error('while idle'))
    await closed
  })

  expect(poolOf(agent)).toEqual([0, 0, 0])
})

test('what Node refuses it refuses at once', async () => {
  const { url, replay } = await recorded(['/json'])

  const refused = play(replay, { recordMode: 'none' }, () =>
    http.get(`${url}/json`, { headers: { host: ['a', 'b'] as never } }),
  )

  await expect(refused).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
})

test('what Node refuses of a certificate is an error of the request', async () => {
  const origin = await testOrigin({ tls: true })
  const path = join(tempDir(), 'cassette')
  const get = (options: https.RequestOptions) =>
    httpRequest(`${origin.url}/json`, { agent: new https.Agent(), ca: certificate, ...options })
  await play(path, () => get({}))

  const refused = play(nextRun(path), { recordMode: 'none' }, () =>
    get({ minVersion: 'TLSv0' as never }),
  )

  await expect(refused).rejects.toMatchObject({ code: 'ERR_TLS_INVALID_PROTOCOL_VERSION' })
})

test('who is told of connections is told of one', async () => {
  const { url, replay } = await recorded(['/json'])
  let told = 0
  const listener = () => (told += 1)
  subscribe('net.client.socket', listener)
  onTestFinished(() => void unsubscribe('net.client.socket', listener))

  const seen = await play(replay, { recordMode: 'none' }, () =>
    ask(`${url}/json`, { agent: false }),
  )

  expect(seen.inPlace).toBe(false)
  expect(told).toBeGreaterThan(0)
})

test('a thousand requests at once have each its own answer', async () => {
  const { url, replay, hits } = await recorded(['/json', '/length', '/counter'])
  const before = hits()
  const paths = Array.from(
    { length: 1000 },
    (_one, at) => ['/json', '/length', '/counter'][at % 3]!,
  )
  const bodies = await play(replay, { recordMode: 'none' }, async () =>
    Promise.all(paths.map(async (path) => (await httpRequest(url + path)).body.toString())),
  )

  expect(new Set(bodies.map((body, at) => `${paths[at]} ${body}`)).size).toBe(3)
  expect(hits()).toBe(before)
})

test('one agent has stored and new requests answered in turn', async () => {
  const origin = await testOrigin()
  const agent = new http.Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())
  const path = join(tempDir(), 'cassette')
  await play(path, () => ask(`${origin.url}/json`, { agent }))

  const seen = await play(nextRun(path), { recordMode: 'new_episodes' }, async () => {
    const all = []
    for (const one of ['/json', '/length', '/json', '/png', '/length', '/json']) {
      all.push((await ask(origin.url + one, { agent })).inPlace)
    }
    return all
  })

  expect(seen).toEqual([true, false, true, false, true, true])
  expect(origin.hits).toBe(3)
})

test('an identical request waits for the one that is recorded, over a socket that can be timed', async () => {
  const origin = await testOrigin()
  const timeouts: string[] = []
  const seen = await play(join(tempDir(), 'cassette'), () =>
    Promise.all(
      ['first', 'second'].map((name) => {
        const send: Send = (request) => request.on('timeout', () => timeouts.push(name)).end()
        return ask(`${origin.url}/slow`, { timeout: 20, send })
      }),
    ),
  )

  expect(seen[1]).toEqual(seen[0])
  expect(timeouts.toSorted()).toEqual(['first', 'second'])
  expect(origin.hits).toBe(1)
})

describe('a request that is broken off', () => {
  const stages: Record<string, (request: ClientRequest) => unknown> = {
    'at once': (request) => request.destroy(),
    'with an error of its own': (request) => request.destroy(new Error('of the caller')),
    'before the next tick': (request) => process.nextTick(() => request.destroy()),
    'in a promise': (request) => void Promise.resolve().then(() => request.destroy()),
    'in the next turn': (request) => setImmediate(() => request.destroy()),
    'with its socket': (request) => request.on('socket', () => request.destroy()),
    'with its response': (request) => request.on('response', () => request.destroy()),
    'amid its body': (request) =>
      request.on('response', (response) => response.once('data', () => response.destroy())),
  }
  test.each(Object.entries(stages))('%s ends as with Node', async (_name, stop) => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')
    const see = async () => {
      const told: unknown[] = []
      const request = http.get(`${origin.url}/png`)
      request.on('error', ({ message }) => told.push(message))
      request.on('response', (response) =>
        response.on('error', ({ message }) => told.push(message)).resume(),
      )
      const closed = new Promise((resolve) => request.once('close', resolve))
      stop(request)
      await closed
      return [told, request.destroyed, request.reusedSocket]
    }
    await play(path, () => httpRequest(`${origin.url}/png`))
    // The replay opens a socket.
    http.globalAgent.destroy()
    const bare = await see()
    await origin.close()

    const player = new Player(nextRun(path), { recordMode: 'none' })
    expect(await player.play(see)).toEqual(bare)
  })

  test('while a hook takes its time is over at once', async () => {
    const { url, replay } = await recorded(['/json'])
    const { promise, resolve: goOn } = Promise.withResolvers<void>()
    insert(replay, {
      recordMode: 'none',
      beforePlayback: async (interaction) => {
        await promise
        return interaction
      },
    })
    onTestFinished(eject)
    const signal = AbortSignal.timeout(30)

    const error = await ask(`${url}/json`, { signal }).catch((reason: unknown) => reason)
    goOn()

    expect(error).toMatchObject({ name: 'AbortError' })
  })
})

test('after the eject no request has a socket without a connection', async () => {
  const origin = await testOrigin()
  const agent = new http.Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())
  const path = join(tempDir(), 'cassette')
  const get = () => ask(`${origin.url}/json`, { agent })
  await play(path, get)

  const during = await play(nextRun(path), { recordMode: 'none' }, get)
  const after = await get()

  expect([during.inPlace, after.inPlace]).toEqual([true, false])
  expect(origin.hits).toBe(2)
})

test('a miss says why, as over a connection', async () => {
  const { url, replay } = await recorded(['/json'])

  const error = await play(replay, { recordMode: 'none' }, () =>
    ask(`${url}/other`).catch((reason: unknown) => reason),
  )

  expect(error).toMatchObject({ name: 'UnhandledRequestError', reason: 'never recorded' })
})
