import http from 'node:http'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, onTestFinished, test } from 'vitest'
import { Agent, request } from 'undici'
import { eject, insert, play } from '../../src/index.ts'
import { httpRequest } from '../support/http-request.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** TCP handles that are open, and the heap in MiB. */
async function held(): Promise<{ handles: number; heap: number }> {
  await new Promise((resolve) => setTimeout(resolve, 50))
  collectGarbage()
  const names = process.getActiveResourcesInfo()
  return {
    handles: names.filter((name) => name.startsWith('TCP') || name.startsWith('Pipe')).length,
    heap: process.memoryUsage().heapUsed / 2 ** 20,
  }
}

test(
  '2,500 replays hold no more handles and memory than the first ones',
  { timeout: 60_000 },
  async () => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')
    const keepAlive = new http.Agent({ keepAlive: true })
    const dispatcher = new Agent()
    onTestFinished(async () => {
      keepAlive.destroy()
      await dispatcher.close()
    })
    const clients = [
      () => httpRequest(`${origin.url}/length`, { agent: false }),
      () => httpRequest(`${origin.url}/json`, { agent: keepAlive }),
      async () => (await fetch(`${origin.url}/json`)).text(),
      async () => (await request(`${origin.url}/json`, { dispatcher })).body.text(),
      async () => (await fetch(`${origin.url}/events`)).text(),
    ]
    const replay = async (times: number) => {
      for (let at = 0; at < times; at += 1) await clients[at % clients.length]!()
    }
    await play(path, () => replay(clients.length))
    await origin.close()
    insert(path, { recordMode: 'none' })
    onTestFinished(eject)
    await replay(500)
    const before = await held()

    await replay(2500)

    const after = await held()
    expect(after.handles).toBeLessThanOrEqual(before.handles + 5)
    expect(after.heap).toBeLessThan(before.heap + 5)
  },
)

test(
  '300 insertions hold no more handles and memory than the first ones',
  { timeout: 60_000 },
  async () => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')
    const cycles = async (times: number) => {
      for (let at = 0; at < times; at += 1) {
        await play(path, async () => (await fetch(`${origin.url}/json`)).text())
      }
    }
    await cycles(30)
    const before = await held()

    await cycles(300)

    const after = await held()
    expect(after.handles).toBeLessThanOrEqual(before.handles + 5)
    expect(after.heap).toBeLessThan(before.heap + 5)
  },
)
