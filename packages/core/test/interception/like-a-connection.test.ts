import { AsyncLocalStorage } from 'node:async_hooks'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { play } from '../../src/index.ts'
import { httpRequest } from '../support/http-request.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { rawServer } from '../support/raw-server.ts'
import { tempDir } from '../support/temp-dir.ts'

type See = (open: () => http.ClientRequest, agent: http.Agent) => Promise<unknown>

/** What an application sees without Cassette, and of a replay with the origin gone. */
async function twice(see: See, { isTls = false, path = '/json', host = '127.0.0.1' } = {}) {
  const origin = await testOrigin({ tls: isTls })
  const cassette = join(tempDir(), 'cassette')
  const url = origin.url.replace('127.0.0.1', host) + path
  const trust = isTls ? { rejectUnauthorized: false } : {}
  const { Agent, request } = isTls ? https : http
  const seeOnce = async (): Promise<unknown> => {
    const agent = new Agent({ keepAlive: true, ...trust })
    return see(() => request(url, { agent }).end(), agent).finally(() => agent.destroy())
  }
  const bare = await seeOnce()
  await play(cassette, () => httpRequest(url, trust))
  await origin.close()
  return { bare, replayed: await play(nextRun(cassette), { recordMode: 'none' }, seeOnce) }
}

async function responseOf(request: http.ClientRequest): Promise<http.IncomingMessage> {
  const [response]: http.IncomingMessage[] = await once(request, 'response')
  return response!
}

/** Reads a response, whose socket its agent has again. */
async function read(request: http.ClientRequest): Promise<net.Socket> {
  const response = await responseOf(request)
  const { socket } = response
  await once(response.resume(), 'end')
  await new Promise((resolve) => setImmediate(resolve))
  return socket
}

describe.each(['http', 'https'])('a socket of %s without a connection', (protocol) => {
  const isTls = protocol === 'https'

  test('tells who awaits its events of each', async () => {
    const see: See = async (open) => {
      const request = open()
      const [socket]: net.Socket[] = await once(request, 'socket')
      const names = ['lookup', 'connect', ...(isTls ? ['secureConnect'] : [])]
      const told: unknown[] = []
      for (const name of names) {
        told.push([name, socket!.connecting, !isTls && socket!.bytesWritten])
        await once(socket!, name)
      }
      await read(request)
      return told
    }

    const { bare, replayed } = await twice(see, { isTls, host: 'localhost' })

    expect(replayed).toEqual(bare)
  })

  test('closes in the async context of one of Node', async () => {
    const storage = new AsyncLocalStorage<string>()
    const see: See = async (open, agent) => {
      const socket = await storage.run('first', () => read(open()))
      await storage.run('second', () => read(open()))
      const closed = new Promise((resolve) => {
        socket.once('close', () => resolve(storage.getStore()))
      })
      agent.destroy()
      return closed
    }

    const { bare, replayed } = await twice(see, { isTls })

    expect(replayed).toBe(bare)
  })

  test('is ended by its server once the client ends it', async () => {
    const see: See = async (open, agent) => {
      const socket = await read(open())
      const told: string[] = []
      for (const name of ['finish', 'close']) socket.on(name, () => told.push(name))
      const closed = once(socket, 'close')
      socket.end()
      await closed
      return [told, Object.keys(agent.freeSockets)]
    }

    const { bare, replayed } = await twice(see, { isTls })

    expect(replayed).toEqual(bare)
  })
})

test('a client that ends its socket amid a body hears no more of it', async () => {
  const see: See = async (open) => {
    const response = await responseOf(open())
    const failed = once(response, 'error')
    response.resume().socket.end()
    const [error]: Error[] = Object.assign(await failed)
    return error?.message
  }

  const seen = await twice(see, { path: '/events' })

  expect(seen).toEqual({ bare: 'aborted', replayed: 'aborted' })
})

test('who stood before the connect of sockets when the cassette came is told', async () => {
  const { prototype } = net.Socket
  const connect: (...args: never) => unknown = Reflect.get(prototype, 'connect')
  let calls = 0
  Reflect.set(prototype, 'connect', function watch(this: net.Socket, ...args: never) {
    calls += 1
    return Reflect.apply(connect, this, args)
  })
  onTestFinished(() => void Reflect.set(prototype, 'connect', connect))
  const see: See = async (open) => {
    calls = 0
    await read(open())
    return calls
  }

  expect(await twice(see)).toEqual({ bare: 1, replayed: 1 })
})

test('a socket that is busy through many insertions is left as it was', async () => {
  const origin = await testOrigin()
  const agent = new http.Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())
  const response = await responseOf(http.get(`${origin.url}/events`, { agent }))
  const before = response.socket.listenerCount('free')

  for (let insertion = 0; insertion < 3; insertion += 1) {
    await play(join(tempDir(), 'cassette'), () => httpRequest(`${origin.url}/json`, { agent }))
  }

  expect(response.socket.listenerCount('free')).toBe(before)
})

test('a request that was never answered keeps the process until its time is up', async () => {
  const { url } = await rawServer(() => undefined)
  const path = join(tempDir(), 'cassette')
  const index = JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)
  const ask = `
    const request = http.get(${JSON.stringify(url)}, { timeout: 50 })
    request.on('timeout', () => request.destroy(new Error('of the client')))
    return new Promise((resolve) => request.on('error', ({ message }) => resolve(message)))`
  const script = `
    import http from 'node:http'
    import { play } from ${index}
    const ask = async () => {${ask}}
    const options = { recordErrors: true }
    for (const recordMode of ['all', 'none'])
      console.log(await play(${JSON.stringify(path)}, { ...options, recordMode }, ask))`

  const { stdout } = await promisify(execFile)(process.execPath, [
    '--no-warnings',
    '--input-type=module',
    '-e',
    script,
  ])

  expect(stdout).toBe('of the client\nof the client\n')
})

test('an agent that keeps something else than sockets where Node keeps them is let be', async () => {
  const origin = await testOrigin()
  // The package tunnel has such a one.
  const agent = Object.assign(new http.Agent(), {
    sockets: [{}],
    addRequest: (request: http.ClientRequest) =>
      request.onSocket(net.connect(Number(new URL(origin.url).port), '127.0.0.1')),
  })
  const path = join(tempDir(), 'cassette')
  const ask = async () => {
    const { body } = await httpRequest(`${origin.url}/counter`, { agent: agent as never })
    return String(body)
  }

  const recorded = await play(path, ask)
  await origin.close()

  expect(recorded).toBe('{"hit":1}')
  expect(await play(nextRun(path), { recordMode: 'none' }, ask)).toBe(recorded)
})
