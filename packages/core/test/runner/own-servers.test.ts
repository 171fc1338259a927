import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { TestFileSession } from '../../src/runner/index.ts'
import { isOwnServer, watchOwnServers } from '../../src/runner/own-servers.ts'
import type { RunnerOptions } from '../../src/runner/runner-options.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

async function fetchOwn(options: RunnerOptions) {
  const root = tempDir()
  const testFile = join(root, 'a.test.ts')
  writeFileSync(testFile, '')
  const session = TestFileSession.start({ testFile, root }, options)
  onTestFinished(() => session.finish())
  // Started after the session, in this very process, as supertest does.
  const app = await testOrigin()
  await (await fetch(`${app.url}/counter`)).text()
  const second = await (await fetch(`${app.url}/counter`)).text()
  await session.flush()
  return { second, used: session.usage(true).used }
}

test('requests to a server of the own process pass through and are not recorded', async () => {
  expect(await fetchOwn({})).toEqual({ second: '{"hit":2}', used: [] })
})

test('ignoreOwnServers: false records them', async () => {
  const { second, used } = await fetchOwn({ ignoreOwnServers: false })

  expect(second).toBe('{"hit":1}')
  expect(used).toHaveLength(1)
})

test('a server that closes late leaves its port to the one that listens on it now', async () => {
  watchOwnServers()
  const first = http.createServer((_request, response) => response.write('never ends'))
  await once(first.listen(0, '127.0.0.1'), 'listening')
  const { port } = first.address() as AddressInfo
  const client = http.get({ port }).on('error', () => {})
  await once(client, 'response')
  first.close()
  const second = http.createServer()
  onTestFinished(() => void second.close())
  await once(second.listen(port, '127.0.0.1'), 'listening')

  client.destroy()
  await once(first, 'close')

  expect(isOwnServer(`http://127.0.0.1:${port}/`)).toBe(true)
})

test('a server that listens anew at once is known by its new port, until it is closed', async () => {
  watchOwnServers()
  const server = http.createServer()
  const listen = async () => {
    // Without a name to look up it listens before it tells that it was closed.
    await once(server.listen(0), 'listening')
    const { port } = server.address() as AddressInfo
    return `http://127.0.0.1:${port}/`
  }
  await listen()
  const closed = once(server, 'close')
  server.close()
  const url = await listen()
  await closed
  expect(isOwnServer(url)).toBe(true)

  await once(server.close(), 'close')
  expect(isOwnServer(url)).toBe(false)
})
