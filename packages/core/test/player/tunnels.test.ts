import { HttpsProxyAgent } from 'https-proxy-agent'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { play } from '../../src/index.ts'
import { httpRequest } from '../support/http-request.ts'
import { nextRun } from '../support/next-run.ts'
import { tempDir } from '../support/temp-dir.ts'

/** A proxy that is itself what each of its tunnels leads to. */
async function proxyServer() {
  const asked: (string | undefined)[] = []
  const server = http.createServer(({ url }, response) => {
    asked.push(url)
    response.end(url)
  })
  server.on('connect', ({ url }, socket) => {
    asked.push(url)
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    server.emit('connection', socket)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, asked, server }
}

test('what is new goes through the proxy that has opened a tunnel before', async () => {
  const { url, asked, server } = await proxyServer()
  const path = join(tempDir(), 'cassette')
  const ask = async () => {
    const agent = new HttpsProxyAgent(url)
    const bodies: string[] = []
    for (const at of ['/1', '/2', '/1']) {
      const { body } = await httpRequest(`http://known.to.the.proxy.invalid${at}`, { agent })
      bodies.push(body.toString())
    }
    return bodies
  }
  const tunnel = 'known.to.the.proxy.invalid:80'

  expect(await play(path, ask)).toEqual(['/1', '/2', '/1'])
  expect(asked).toEqual([tunnel, '/1', tunnel, '/2', tunnel])
  server.close()

  expect(await play(path, { recordMode: 'none' }, ask)).toEqual(['/1', '/2', '/1'])
  expect(await play(nextRun(path), ask)).toEqual(['/1', '/2', '/1'])
  expect(asked).toHaveLength(5)
})
