import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { passthrough, play, UnhandledRequestError } from '../../src/index.ts'
import { tempDir } from '../support/temp-dir.ts'
import { cassetteWarnings, warningsTold } from '../support/warnings.ts'

interface Http2Server {
  readonly url: string
  readonly sessions: () => number
}

async function http2Server(): Promise<Http2Server> {
  let sessions = 0
  const server = http2.createServer((_request, response) => response.end('over http2'))
  server.on('session', () => (sessions += 1))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, sessions: () => sessions }
}

function get(url: string | URL): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = ''
    const session = http2.connect(url).on('error', reject)
    session
      .request({ ':path': '/' })
      .on('error', reject)
      .setEncoding('utf8')
      .on('data', (chunk: string) => (received += chunk))
      .on('close', () => {
        session.close()
        resolve(received)
      })
  })
}

test('node:http2 goes on working where the network may be used, and one warning tells the rest', async () => {
  const server = await http2Server()
  const warnings = cassetteWarnings()
  const ask = () => get(server.url)

  expect(await play(join(tempDir(), 'cassette'), ask)).toBe('over http2')
  await play(join(tempDir(), 'cassette'), ask)
  await warningsTold()

  expect(warnings).toEqual([
    expect.stringContaining(`${server.url} is asked over HTTP/2, which is not recorded`),
  ])
})

test('node:http2 may be asked for any object that has the parts of a URL', async () => {
  const server = await http2Server()
  const { hostname, port } = new URL(server.url)
  const url = { protocol: 'http:', hostname, port: Number(port) } as unknown as URL
  const path = join(tempDir(), 'cassette')
  // The first one is seen at its socket.
  const ask = async () => [await get(url), await get(url), await get(new URL(server.url))]

  expect(await play(path, ask)).toEqual(['over http2', 'over http2', 'over http2'])

  const refused = play(path, { recordMode: 'none' }, async () => {
    await get(url).catch(() => {})
    return get(url)
  })
  await expect(refused).rejects.toThrow(`CONNECT ${server.url}/: it is HTTP/2`)
  expect(server.sessions()).toBe(3)
})

test('node:http2 is refused in mode none, with the reason', async () => {
  const server = await http2Server()
  const path = join(tempDir(), 'cassette')

  const refused = play(path, { recordMode: 'none' }, () => get(server.url))

  await expect(refused).rejects.toBeInstanceOf(UnhandledRequestError)
  await expect(refused).rejects.toThrow('it is HTTP/2, which Cassette does not record')
  expect(server.sessions()).toBe(0)
})

test('node:http2 passes in mode none where passthrough() lets it', async () => {
  const server = await http2Server()
  const path = join(tempDir(), 'cassette')

  const body = play(path, { recordMode: 'none' }, () => passthrough(() => get(server.url)))

  expect(await body).toBe('over http2')
})

test('node:http2 to an ignored host passes in mode none, and not where the network is blocked', async () => {
  const server = await http2Server()
  const path = join(tempDir(), 'cassette')
  const options = { recordMode: 'none', ignoreLocalhost: true } as const
  const warnings = cassetteWarnings()

  expect(await play(path, options, () => get(server.url))).toBe('over http2')
  await play(path, { ignoreLocalhost: true }, () => get(server.url))
  const blocked = play(path, { ...options, blockNetwork: true }, () => get(server.url))

  await expect(blocked).rejects.toBeInstanceOf(UnhandledRequestError)
  await expect(blocked).rejects.toThrow('blockNetwork is true')
  expect(server.sessions()).toBe(2)
  expect(warnings).toEqual([])
})

test('an ignore that throws fails a connection of node:http2', async () => {
  const server = await http2Server()
  const ignore = () => {
    throw new Error('of the user')
  }

  const refused = play(join(tempDir(), 'cassette'), { ignore }, () => get(server.url))

  await expect(refused).rejects.toThrow('The hook ignore failed')
  expect(server.sessions()).toBe(0)
})
