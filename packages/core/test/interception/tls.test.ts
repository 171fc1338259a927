import { certificate } from '@fixtures/origin'
import { HttpsProxyAgent } from 'https-proxy-agent'
import https from 'node:https'
import net from 'node:net'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { ProxyAgent, request as undiciRequest } from 'undici'
import { expect, test } from 'vitest'
import { play } from '../../src/index.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { rawServer } from '../support/raw-server.ts'
import { tempDir } from '../support/temp-dir.ts'

/** What a client learns about whom it talks to, before it hears the answer and after. */
function trust(url: string, options: https.RequestOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = https.get(url, { agent: false, ...options }).on('error', reject)
    const seen: unknown[] = []
    const look = () => {
      if (!(request.socket instanceof TLSSocket)) throw new TypeError('The socket is not of TLS.')
      seen.push(request.socket.authorized, Boolean(request.socket.authorizationError))
    }
    request.on('socket', (socket) => socket.once('secureConnect', look))
    request.on('response', (response) => {
      response.resume().on('end', () => {
        look()
        resolve(seen)
      })
    })
  })
}

test.each([
  ['a connection that its client verified shows as verified in replay', { ca: certificate }, true],
  [
    'a connection that its client did not verify shows as such in replay',
    { rejectUnauthorized: false },
    false,
  ],
])('%s', async (_title, options, isVerified) => {
  const origin = await testOrigin({ tls: true })
  const path = join(tempDir(), 'cassette')
  const ask = () => trust(`${origin.url}/json`, options)
  const expected = [isVerified, !isVerified, isVerified, !isVerified]

  expect(await play(path, ask)).toEqual(expected)
  await origin.close()

  expect(await play(nextRun(path), { recordMode: 'none' }, ask)).toEqual(expected)
})

test('what a check of the certificate refuses without a code is refused in replay', async () => {
  const origin = await testOrigin({ tls: true })
  const path = join(tempDir(), 'cassette')
  const checkServerIdentity = () => new Error('This is another key.')
  const ask = () => trust(`${origin.url}/json`, { ca: certificate, checkServerIdentity })

  await expect(play(path, { recordErrors: true }, ask)).rejects.toThrow('This is another key.')
  await origin.close()

  const replayed = play(nextRun(path), { recordMode: 'none' }, ask)
  await expect(replayed).rejects.toThrow('This is another key.')
})

/** A proxy whose tunnels lead to a port, whatever it is asked for. */
async function proxyTo(port: number): Promise<string> {
  const { url } = await rawServer((socket) => {
    socket.removeAllListeners('data')
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    const server = net.connect(port, '127.0.0.1').on('error', () => {})
    socket.pipe(server).pipe(socket)
  })
  return url
}

test.each([
  ['node:https', (url: string, proxy: string) => trust(url, { agent: new HttpsProxyAgent(proxy) })],
  [
    'undici',
    (url: string, proxy: string) => undiciRequest(url, { dispatcher: new ProxyAgent(proxy) }),
  ],
])('a server that %s refuses behind a tunnel is refused for the same reason', async (_of, ask) => {
  const origin = await testOrigin({ tls: true })
  const { port } = new URL(origin.url)
  const proxy = await proxyTo(Number(port))
  const path = join(tempDir(), 'cassette')
  const refusal = { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }

  const recorded = play(path, { recordErrors: true }, () => ask(origin.url, proxy))
  await expect(recorded).rejects.toMatchObject(refusal)
  await origin.close()

  const replayed = play(nextRun(path), { recordMode: 'none' }, () => ask(origin.url, proxy))
  await expect(replayed).rejects.toMatchObject(refusal)
})
