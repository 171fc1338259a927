import { certificate } from '@fixtures/origin'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import http, { type ClientRequest } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import * as undici from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { Player, play } from '../../src/index.ts'
import { httpRequest } from '../support/http-request.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { rawServer } from '../support/raw-server.ts'
import { tempDir } from '../support/temp-dir.ts'

const require = createRequire(import.meta.url)

function keepingAgent(): http.Agent {
  const agent = new http.Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())
  return agent
}

/** What a stream without a length sends: only an engine can have that written twice. */
function streamed(text: string): RequestInit & { duplex: 'half' } {
  return { method: 'POST', body: new Blob([text]).stream(), duplex: 'half' }
}

test("a program that records and passes plain requests never loads nock's engine", async () => {
  const origin = await testOrigin()
  const secure = await testOrigin({ tls: true })
  const path = join(tempDir(), 'cassette')
  const script = `
    import http from 'node:http'
    import https from 'node:https'
    import { createRequire } from 'node:module'
    import { request } from ${JSON.stringify(pathToFileURL(require.resolve('undici')))}
    import { passthrough, play } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url))}
    const [url, secure] = ${JSON.stringify([origin.url, secure.url])}
    const get = (target) => new Promise((resolve, reject) => {
      const options = { ca: ${JSON.stringify(certificate)} }
      const client = target.startsWith('https') ? https : http
      client.get(target, options, async (response) => {
        resolve(Buffer.concat(await response.toArray()).toString('base64'))
      }).on('error', reject)
    })
    const all = async () => [
      await (await fetch(url + '/json')).text(),
      await (await fetch(url + '/echo', { method: 'POST', body: 'sent' })).text(),
      await get(url + '/png'),
      await get(url + '/json'),
      await get(secure + '/json'),
      await (await request(url + '/length')).body.text(),
    ]
    const seen = []
    for (const recordMode of ['all', 'none'])
      seen.push(await play(${JSON.stringify(path)}, { recordMode }, all))
    await play(${JSON.stringify(path)}, { recordMode: 'none' }, () =>
      passthrough(async () => [await get(url + '/counter'), await fetch(url + '/counter')]))
    const loaded = Object.keys(createRequire(import.meta.url).cache)
    const isLoaded = loaded.some((file) => file.includes('@mswjs'))
    console.log(JSON.stringify({ isSame: String(seen[0]) === String(seen[1]), isLoaded }))`

  const { stdout } = await promisify(execFile)(process.execPath, [
    '--no-warnings',
    '--input-type=module',
    '-e',
    script,
  ])

  expect(JSON.parse(stdout)).toEqual({ isSame: true, isLoaded: false })
  expect([origin.hits, secure.hits]).toEqual([7, 1])
})

test('a connection is used again for the next recording, as without Cassette', async () => {
  const origin = await testOrigin()
  const agent = keepingAgent()
  const ask = async (path: string) => {
    const request = http.get(origin.url + path, { agent })
    const [response]: http.IncomingMessage[] = await once(request, 'response')
    await response!.resume().toArray()
    return request.reusedSocket
  }

  const reused = await play(join(tempDir(), 'cassette'), async () => [
    await ask('/json'),
    await ask('/length'),
    await ask('/png'),
  ])

  expect(reused).toEqual([false, true, true])
})

test('a connection from before the cassette that becomes idle later carries no stored request', async () => {
  const origin = await testOrigin()
  const agent = keepingAgent()
  const path = join(tempDir(), 'cassette')
  const stored = await play(path, () => httpRequest(`${origin.url}/json`))
  const busy = http.get(`${origin.url}/json?busy`, { agent })
  const [response]: http.IncomingMessage[] = await once(busy, 'response')
  const player = new Player(nextRun(path), { recordMode: 'none' }).insert()
  onTestFinished(() => player.eject())
  const isFree = once(busy.socket!, 'free')
  response!.resume()
  await isFree

  const replayed = await httpRequest(`${origin.url}/json`, { agent })

  expect(replayed).toEqual(stored)
  expect(origin.hits).toBe(2)
})

test.each(['a request that waits to be told to continue', 'a miss'])(
  'after recordings over a connection of its own, %s is answered by Cassette',
  async (kind) => {
    const origin = await testOrigin()
    const agent = keepingAgent()
    const path = join(tempDir(), 'cassette')
    const isMiss = kind === 'a miss'
    const player = new Player(path).insert()
    onTestFinished(() => player.eject())
    await httpRequest(`${origin.url}/json`, { agent })
    if (isMiss) await player.eject()

    const asked = isMiss
      ? play(path, { recordMode: 'none' }, () => httpRequest(`${origin.url}/length`, { agent }))
      : httpRequest(`${origin.url}/echo`, {
          agent,
          method: 'POST',
          headers: { Expect: '100-continue' },
          body: 'sent',
        })
    const [outcome] = await Promise.allSettled([asked])
    await player.eject()

    expect(outcome.status).toBe(isMiss ? 'rejected' : 'fulfilled')
    expect(origin.hits).toBe(isMiss ? 1 : 2)
    expect(new Player(nextRun(path)).interactions).toHaveLength(isMiss ? 1 : 2)
  },
)

test('after recordings of fetch over a connection of its own, a stream is recorded too', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const ask = async () => [
    await (await fetch(`${origin.url}/json`)).text(),
    await (await fetch(`${origin.url}/echo`, streamed('sent'))).text(),
    await (await fetch(`${origin.url}/length`)).text(),
  ]
  const recorded = await play(path, ask)
  await origin.close()

  expect(await play(nextRun(path), { recordMode: 'none' }, ask)).toEqual(recorded)
  expect(origin.hits).toBe(3)
})

test('what a client breaks off with an error of its own is no error of the connection', async () => {
  const { url } = await rawServer(() => undefined)
  const path = join(tempDir(), 'cassette')
  const stops: ((request: ClientRequest) => unknown)[] = [
    (request) => request.on('socket', () => request.destroy(new Error('of the client'))),
    (request) => request.setTimeout(20, () => request.socket?.destroy(new Error('too slow'))),
  ]

  await play(path, { recordErrors: true }, async () => {
    for (const [at, stop] of stops.entries()) {
      const request = http.get(`${url}/${at}`)
      const failed = new Promise((resolve) => request.on('error', resolve))
      stop(request)
      await failed
    }
  })

  expect(new Player(nextRun(path)).interactions.map(({ error }) => error)).toEqual([
    'no answer',
    'no answer',
  ])
})

test('a request of a method that Node does not know is recorded and replayed', async () => {
  const server = await rawServer((socket) =>
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmade'),
  )
  const path = join(tempDir(), 'cassette')
  const ask = async () => [
    await (await fetch(`${server.url}/fetch`, { method: 'INVENT' })).text(),
    String((await httpRequest(`${server.url}/http`, { method: 'INVENT' })).body),
  ]
  await play(path, ask)
  await server.close()

  expect(await play(nextRun(path), { recordMode: 'none' }, ask)).toEqual(['made', 'made'])
})

const unread: Record<string, (url: string) => Promise<() => Promise<string>>> = {
  'fetch over a connection of the engine': async (url) => {
    const response = await fetch(url, streamed('sent'))
    return () => response.text()
  },
  'http.get over a connection of the engine': async (url) => {
    const asked = http.request(url, { method: 'POST', headers: { expect: '100-continue' } })
    asked.end()
    const [response]: http.IncomingMessage[] = await once(asked, 'response')
    return async () => Buffer.concat(await response!.toArray()).toString()
  },
  fetch: async (url) => {
    const response = await fetch(url)
    return () => response.text()
  },
  'undici.request': async (url) => {
    const { body } = await undici.request(url)
    return () => body.text()
  },
  'http.get': async (url) => {
    const [response]: http.IncomingMessage[] = await once(http.get(url), 'response')
    return async () => Buffer.concat(await response!.toArray()).toString()
  },
  'http.get, whose answer has not come yet': async (url) => {
    const answered = once(http.get(url), 'response')
    return async () => {
      const [response]: http.IncomingMessage[] = await answered
      return Buffer.concat(await response!.toArray()).toString()
    }
  },
  'http.get, whose answer has not come yet, by an agent that connects itself': async (url) => {
    const agent = new http.Agent()
    agent.createConnection = (...args) => http.globalAgent.createConnection(...args)
    const answered = once(http.get(url, { agent }), 'response')
    return async () => {
      const [response]: http.IncomingMessage[] = await answered
      return Buffer.concat(await response!.toArray()).toString()
    }
  },
}

async function largeServer() {
  const text = 'large '.repeat(500_000)
  const seen = { text, url: '', hits: 0, close: () => {} }
  const server = http.createServer((_request, response) => {
    seen.hits += 1
    response.end(text)
  })
  server.listen(0)
  await once(server, 'listening')
  const { port } = Object(server.address())
  seen.url = `http://127.0.0.1:${port}/large`
  seen.close = () => {
    server.closeAllConnections()
    server.close()
  }
  onTestFinished(() => seen.close())
  return seen
}

test.each(Object.entries(unread))(
  'a large body that nobody reads before the eject is recorded whole by %s, and can be read after it',
  async (_client, ask) => {
    const server = await largeServer()
    const path = join(tempDir(), 'cassette')

    const read = await play(path, () => ask(server.url))
    expect(await read()).toBe(server.text)
    server.close()

    const again = await play(nextRun(path), { recordMode: 'none' }, () => ask(server.url))
    expect(await again()).toBe(server.text)
  },
)

test.each(Object.entries(unread))(
  'a large body that nobody reads answers the same request again by %s',
  async (_client, ask) => {
    const server = await largeServer()
    const path = join(tempDir(), 'cassette')

    const [read, again] = await play(path, async () => [
      await ask(server.url),
      await ask(server.url),
    ])

    expect(await again()).toBe(server.text)
    expect(await read()).toBe(server.text)
    expect(server.hits).toBe(1)
  },
)
