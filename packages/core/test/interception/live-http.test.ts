import http, { type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { play } from '../../src/index.ts'
import { httpRequest } from '../support/http-request.ts'
import { nextRun } from '../support/next-run.ts'
import { rawServer } from '../support/raw-server.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

/** What comes of a body until the client breaks off. */
async function firstOf(url: string, agent: http.Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const onResponse = (response: IncomingMessage): void => {
      response.once('data', (chunk: Buffer) => {
        resolve(chunk.toString())
        response.destroy()
      })
    }
    http.get(url, { agent }, onResponse).on('error', reject)
  })
}

test('a request that waits for a socket is recorded as far as it comes before its client breaks off', async () => {
  const path = join(tempDir(), 'cassette')
  const server = await rawServer((socket, head) => {
    const [, name = ''] = /^GET \/(\w+)/.exec(head) ?? []
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n${name}`)
  })
  const ask = async (): Promise<string[]> => {
    const agent = new http.Agent({ maxSockets: 1 })
    return Promise.all(
      ['one', 'two', 'three'].map((name) => firstOf(`${server.url}/${name}`, agent)),
    )
  }
  expect(await play(path, ask)).toEqual(['one', 'two', 'three'])
  await server.close()
  expect(await play(nextRun(path), { recordMode: 'none' }, ask)).toEqual(['one', 'two', 'three'])
})

test('a request that waits for a socket when its cassette is ejected never goes out', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const agent = new http.Agent({ maxSockets: 1 })
  const ask = (name: string) => httpRequest(`${origin.url}/json?${name}`, { agent })
  await play(path, async () => Promise.all([ask('one'), ask('two')]))
  const hits = origin.hits
  const asked: Promise<PromiseSettledResult<unknown>[]>[] = []
  await play(nextRun(path), { recordMode: 'none' }, () => {
    asked.push(Promise.allSettled(['one', 'two', 'unknown'].map((name) => ask(name))))
  })
  const [settled = []] = await Promise.all(asked)
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
  expect(origin.hits).toEqual(hits)
})
