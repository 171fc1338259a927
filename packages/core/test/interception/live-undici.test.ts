import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Client } from 'undici8'
import { expect, onTestFinished, test, vi } from 'vitest'
import { eject, insert, play } from '../../src/index.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { rawServer } from '../support/raw-server.ts'
import { tempDir } from '../support/temp-dir.ts'

const hello = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'

/** Has a body come in so slowly that undici has to stop in the middle of what it has read. */
async function slowly(url: string): Promise<string> {
  const { body } = await fetch(url)
  const bytes: Uint8Array[] = []
  for await (const chunk of body ?? []) {
    if (bytes.length === 0) await sleep(20)
    bytes.push(chunk)
  }
  return Buffer.concat(bytes).toString()
}

test('what undici puts back for a slow reader is recorded once', async () => {
  const line = `${'x'.repeat(98)}\r\n`
  const chunks = `64\r\n${line}\r\n`.repeat(4000)
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n'
  const server = await rawServer((socket) => socket.write(`${head}${chunks}0\r\n\r\n`))
  const path = join(tempDir(), 'lines.yaml')

  expect(await play(path, () => slowly(server.url))).toBe(line.repeat(4000))
  await server.close()

  expect(await play(nextRun(path), () => slowly(server.url))).toBe(line.repeat(4000))
})

test('a request made before the insertion goes out over one other connection', async () => {
  const server = await rawServer((socket) => socket.write(hello))
  const client = new Client(server.url)
  onTestFinished(() => client.close())
  const path = join(tempDir(), 'early.yaml')
  const answers = ['/1', '/2'].map(async (of) => {
    const response = await client.request({ path: of, method: 'GET' })
    return response.body.text()
  })

  insert(path)
  expect(await Promise.all(answers)).toEqual(['hello', 'hello'])
  await eject()

  expect(server.connections).toBeLessThanOrEqual(3)
  expect(readFileSync(path, 'utf8')).toContain('/2')
})

/** A server that answers when it is let, where it is asked to wait. */
async function patientServer() {
  const patience = Promise.withResolvers<void>()
  const server = await rawServer((socket, head) => {
    const isWhole = !/chunked/i.test(head) || head.includes('\r\n0\r\n\r\n')
    if (!isWhole) return
    if (head.includes('/slow')) void patience.promise.then(() => socket.write(hello))
    else socket.write(hello)
  })
  const get = async (path: string) => (await fetch(server.url + path)).text()
  const stream = async (path: string) => {
    const body = Readable.toWeb(Readable.from([Buffer.from('abc')]))
    const init: RequestInit = { method: 'POST', body, duplex: 'half' }
    return (await fetch(server.url + path, init)).text()
  }
  const untilAsked = async (connections: number) => {
    while (server.connections < connections) {
      await setImmediate()
    }
  }
  return { get, stream, untilAsked, letAnswer: () => patience.resolve() }
}

test('a body that cannot be sent twice goes over no connection that was busy before', async () => {
  const { get, stream, untilAsked, letAnswer } = await patientServer()

  await play(join(tempDir(), 'cassette'), async () => {
    const slow = get('/slow')
    await untilAsked(1)
    expect(await stream('/1')).toBe('hello')
    letAnswer()
    await slow
    // undici uses a connection again in the next turn of the event loop.
    await sleep(20)
    expect(await Promise.all([stream('/2'), stream('/3')])).toEqual(['hello', 'hello'])
  })
})

test('a streamed body is whole where a connection is older than Cassette', async () => {
  const origin = await testOrigin()
  const program = `
    const [engine, cassette, url] = process.argv.slice(1)
    await Promise.all(['/1', '/2', '/3'].map(async (path) => (await fetch(url + path)).text()))
    const { play } = await import(engine)
    await play(cassette, { recordMode: 'new_episodes' }, async () => {
      for (const sent of ['a', 'b', 'c', 'd']) {
        const body = new Blob([sent, sent]).stream()
        const init = { method: 'POST', body, duplex: 'half' }
        console.log(atob((await (await fetch(url + '/echo', init)).json()).body))
      }
    })`
  const engine = new URL('../../src/index.ts', import.meta.url).href
  const args = ['--input-type=module', '-e', program, engine, join(tempDir(), 'api'), origin.url]

  const { stdout } = await promisify(execFile)(process.execPath, args)

  expect(stdout.trim().split('\n')).toEqual(['aa', 'bb', 'cc', 'dd'])
})

test('a connection that was busy at the last ejection carries no request after it', async () => {
  const { get, stream, untilAsked, letAnswer } = await patientServer()
  insert(join(tempDir(), 'first'), { ignoreHosts: ['127.0.0.1'] })
  await stream('/1')
  const slow = Promise.all([get('/slow/1'), stream('/slow/2')])
  await untilAsked(2)
  await eject()

  await play(join(tempDir(), 'second'), async () => {
    letAnswer()
    await slow
    const answers = await Promise.all([get('/2'), get('/3'), get('/4')])
    expect(answers).toEqual(['hello', 'hello', 'hello'])
  })
})

test('an answer in another protocol than was asked for is recorded', async () => {
  const switches = 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'
  const server = await rawServer((socket) => socket.write(switches))
  const path = join(tempDir(), 'switch.yaml')
  const ask = async () => {
    const error: unknown = await fetch(server.url).catch((failure: unknown) => failure)
    return String(Reflect.get(Object(error), 'cause'))
  }

  const failure = await play(path, ask)
  await server.close()

  expect(readFileSync(path, 'utf8')).toContain('status: 101')
  expect(await play(nextRun(path), { recordMode: 'none' }, ask)).toBe(failure)
})

test('the first request that may come to speak HTTP/2 is recorded', async () => {
  const origin = await testOrigin({ tls: true })
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
  onTestFinished(() => void vi.unstubAllEnvs())
  const path = join(tempDir(), 'first.yaml')
  const ask = async () => (await fetch(`${origin.url}/json`)).text()

  const recorded = await play(path, ask)
  await origin.close()

  expect(await play(nextRun(path), { recordMode: 'none' }, ask)).toBe(recorded)
})

test('requests that undici would send together over one connection are all recorded', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'pipelined.yaml')
  const ask = async () => {
    const client = new Client(origin.url, { pipelining: 3 })
    const answers = ['/json', '/counter', '/json?again'].map(async (of) => {
      const { body } = await client.request({ path: of, method: 'GET', blocking: false })
      return body.text()
    })
    return Promise.all(answers).finally(() => void client.close())
  }

  const recorded = await play(path, ask)
  await origin.close()

  expect(await play(nextRun(path), { recordMode: 'none' }, ask)).toEqual(recorded)
})
