import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
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

/** Talks in turns: says the next thing once the answer to the last has come. */
function talk(port: number, words: readonly string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const headers = { Connection: 'Upgrade', Upgrade: 'shout' }
    http
      .get({ port, host: '127.0.0.1', headers, agent: false })
      .on('error', reject)
      .on('upgrade', (response, socket, head) => {
        const heard = [`${response.statusCode} ${response.headers.upgrade}`]
        let next = 0
        const hear = (text: string) => {
          heard.push(text)
          const word = words[next]
          next += 1
          if (word === undefined) socket.destroy()
          else socket.write(word)
        }
        if (head.length > 0) hear(String(head))
        socket.on('data', (data) => hear(String(data))).on('close', () => resolve(heard))
      })
  })
}

test('a conversation after an upgrade is recorded and replays turn by turn', async () => {
  const server = await shoutServer()
  const path = join(tempDir(), 'cassette')
  const converse = () => talk(server.port, ['one', 'two'])

  const recorded = await play(path, converse)
  await server.close()

  expect(recorded).toEqual(['101 shout', 'welcome', 'ONE', 'TWO'])
  expect(await play(nextRun(path), { recordMode: 'none' }, converse)).toEqual(recorded)
})

test('a conversation that the server ends is ended on replay too', async () => {
  const server = await shoutServer()
  const path = join(tempDir(), 'cassette')
  const converse = () => talk(server.port, ['one', 'bye'])

  const recorded = await play(path, converse)
  await server.close()

  expect(recorded).toEqual(['101 shout', 'welcome', 'ONE'])
  expect(await play(nextRun(path), { recordMode: 'none' }, converse)).toEqual(recorded)
})

test('a client that ends its side early is told the rest', async () => {
  const server = await shoutServer()
  const path = join(tempDir(), 'cassette')
  const say = (word: string) => () =>
    new Promise<string>((resolve, reject) => {
      const headers = { Connection: 'Upgrade', Upgrade: 'shout' }
      http
        .get({ port: server.port, host: '127.0.0.1', headers, agent: false })
        .on('error', reject)
        .on('upgrade', (_response, socket, head) => {
          let heard = String(head)
          socket.on('data', (data) => {
            heard += String(data)
          })
          socket.on('end', () => resolve(heard))
          socket.end(word)
        })
    })

  const recorded = await play(path, say('long'))
  await server.close()

  expect(recorded).toBe('welcomeLONG')
  expect(await play(nextRun(path), { recordMode: 'none' }, say('ho'))).toBe(recorded)
})

test('a conversation that is open at eject is recorded as far as it came', async () => {
  const server = await shoutServer()
  const path = join(tempDir(), 'cassette')
  const greeting = () =>
    new Promise<string>((resolve, reject) => {
      const headers = { Connection: 'Upgrade', Upgrade: 'shout' }
      http
        .get({ port: server.port, host: '127.0.0.1', headers, agent: false })
        .on('error', reject)
        .on('upgrade', (_response, socket, head) => {
          onTestFinished(() => {
            socket.destroy()
          })
          if (head.length > 0) resolve(String(head))
          socket.once('data', (data) => resolve(String(data)))
        })
    })

  await play(path, greeting)
  await server.close()

  expect(await play(nextRun(path), { recordMode: 'none' }, greeting)).toBe('welcome')
})

test('a conversation that is open at eject goes on live', async () => {
  const server = await shoutServer()
  let socket: Duplex | undefined
  const next = () =>
    new Promise<string>((resolve) => socket?.once('data', (data) => resolve(String(data))))
  await play(
    join(tempDir(), 'cassette'),
    () =>
      new Promise<void>((resolve, reject) => {
        const headers = { Connection: 'Upgrade', Upgrade: 'shout' }
        http
          .get({ port: server.port, host: '127.0.0.1', headers, agent: false })
          .on('error', reject)
          .on('upgrade', (_response, upgraded, head) => {
            socket = upgraded
            onTestFinished(() => {
              upgraded.destroy()
            })
            if (head.length > 0) resolve()
            else upgraded.once('data', () => resolve())
          })
      }),
  )

  const answer = next()
  socket?.write('still here')

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
          .get({ port, host: '127.0.0.1', agent, ...options }, (response) => {
            let text = ''
            response.on('data', (data) => (text += String(data))).on('end', () => resolve(text))
          })
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
