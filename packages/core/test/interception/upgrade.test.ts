import { once } from 'node:events'
import http, { type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { play } from '../../src/index.ts'
import { nextRun } from '../support/next-run.ts'
import { tempDir } from '../support/temp-dir.ts'

const switching =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\n'

/** A server of a protocol of its own: it greets, and says loudly what it hears. */
async function shoutServer(): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Duplex>()
  const server = http.createServer().on('upgrade', (_request, socket) => {
    sockets.add(socket)
    socket.write(`${switching}welcome`)
    socket.on('end', () => socket.end())
    socket.on('data', (data) => {
      const heard = String(data)
      if (heard === 'bye') socket.end()
      else socket.write(heard.toUpperCase())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy()
      server.close(() => resolve())
    })
  onTestFinished(close)
  return { port: (server.address() as AddressInfo).port, close }
}

interface Upgraded {
  readonly response: IncomingMessage
  readonly socket: Duplex
  /** What came with the head of the response already. */
  readonly head: string
}

/** Asks a server to upgrade. */
function upgrade(port: number): Promise<Upgraded> {
  return new Promise((resolve, reject) => {
    const headers = { Connection: 'Upgrade', Upgrade: 'shout' }
    http
      .get({ port, host: '127.0.0.1', headers, agent: false })
      .on('error', reject)
      .on('upgrade', (response, socket, head) => {
        resolve({ response, socket, head: String(head) })
      })
  })
}

/** Talks in turns: says the next thing once the answer to the last has come. */
async function talk(port: number, words: readonly string[]): Promise<string[]> {
  const { response, socket, head } = await upgrade(port)
  const heard = [`${response.statusCode} ${response.headers.upgrade}`]
  const left = words.values()
  const hear = (said: string) => {
    heard.push(said)
    const { value: word } = left.next()
    if (word === undefined) socket.destroy()
    else socket.write(word)
  }
  if (head !== '') hear(head)
  socket.on('data', (data) => hear(String(data)))
  await once(socket, 'close')
  return heard
}

/** Waits for the greeting, and leaves the conversation open. */
async function greet(port: number): Promise<{ socket: Duplex; greeting: string }> {
  const { socket, head } = await upgrade(port)
  onTestFinished(() => {
    socket.destroy()
  })
  return { socket, greeting: head === '' ? await next(socket) : head }
}

async function next(socket: Duplex): Promise<string> {
  const [data] = await once(socket, 'data')
  return String(data)
}

test.each([
  ['is recorded and replays turn by turn', ['one', 'two'], ['welcome', 'ONE', 'TWO']],
  ['that the server ends is ended on replay too', ['one', 'bye'], ['welcome', 'ONE']],
])('a conversation after an upgrade %s', async (_fact, words, answers) => {
  const server = await shoutServer()
  const path = join(tempDir(), 'cassette')
  const converse = () => talk(server.port, words)

  const recorded = await play(path, converse)
  await server.close()

  expect(recorded).toEqual(['101 shout', ...answers])
  expect(await play(nextRun(path), { recordMode: 'none' }, converse)).toEqual(recorded)
})

test('a client that ends its side early is told the rest', async () => {
  const server = await shoutServer()
  const path = join(tempDir(), 'cassette')
  const say = (word: string) => async () => {
    const { socket, head } = await upgrade(server.port)
    socket.end(word)
    return head + (await text(socket))
  }

  const recorded = await play(path, say('long'))
  await server.close()

  expect(recorded).toBe('welcomeLONG')
  expect(await play(nextRun(path), { recordMode: 'none' }, say('ho'))).toBe(recorded)
})

test('a conversation that is open at eject is recorded as far as it came', async () => {
  const server = await shoutServer()
  const path = join(tempDir(), 'cassette')

  await play(path, () => greet(server.port))
  await server.close()

  const { greeting } = await play(nextRun(path), { recordMode: 'none' }, () => greet(server.port))
  expect(greeting).toBe('welcome')
})

test('a conversation that is open at eject goes on live', async () => {
  const server = await shoutServer()
  const { socket } = await play(join(tempDir(), 'cassette'), () => greet(server.port))

  const answer = next(socket)
  socket.write('still here')

  expect(await answer).toBe('STILL HERE')
})

test('a request after one whose upgrade was refused is answered, live and on replay', async () => {
  const server = http.createServer((_request, response) => response.end('plain'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const path = join(tempDir(), 'cassette')
  const both = async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    onTestFinished(() => agent.destroy())
    const get = (options: http.RequestOptions) =>
      new Promise<string>((resolve, reject) => {
        http
          .get({ port, host: '127.0.0.1', agent, ...options }, (response) =>
            resolve(text(response)),
          )
          .on('error', reject)
      })
    const headers = { Connection: 'Upgrade', Upgrade: 'shout' }
    return [await get({ path: '/a', headers }), await get({ path: '/b' })]
  }

  expect(await play(path, both)).toEqual(['plain', 'plain'])
  server.close()
  expect(await play(nextRun(path), { recordMode: 'none' }, both)).toEqual(['plain', 'plain'])
})

test('a request to upgrade that was not recorded is a miss in mode none', async () => {
  const server = await shoutServer()
  const path = join(tempDir(), 'cassette')

  await expect(play(path, { recordMode: 'none' }, () => talk(server.port, []))).rejects.toThrow(
    'No recording answers GET',
  )
})
