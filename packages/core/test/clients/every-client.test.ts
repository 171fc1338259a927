import http, { request as namedRequest } from 'node:http'
import https from 'node:https'
import { join } from 'node:path'
import { certificate, type Origin } from '@fixtures/origin'
import { describe, expect, test } from 'vitest'
import { Agent, fetch as undiciFetch, request as undiciRequest } from 'undici'
import { play } from '../../src/index.ts'
import { httpRequest } from '../support/http-request.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

// Taken before any insertion, as a client library does when it is loaded.
const capturedFetch = globalThis.fetch
const capturedGet = http.get

type Client = (url: string) => Promise<unknown>

async function seen(response: Response): Promise<unknown> {
  const { status, statusText, url, redirected, headers } = response
  const body = Buffer.from(await response.arrayBuffer()).toString('base64')
  return { status, statusText, url, redirected, headers: [...headers], body }
}

const viaUndici: Client = async (url) => {
  const { statusCode, headers, body } = await undiciRequest(url)
  return { statusCode, headers, body: Buffer.from(await body.arrayBuffer()).toString('base64') }
}

const clients: Readonly<Record<string, Client>> = {
  'node:http': (url) => httpRequest(url),
  'node:http with an agent that keeps alive': async (url) => {
    const agent = new http.Agent({ keepAlive: true })
    const first = await httpRequest(url, { agent })
    const second = await httpRequest(url, { agent })
    agent.destroy()
    return [first, second]
  },
  'a named import of node:http': (url) =>
    new Promise((resolve, reject) => {
      namedRequest(url, (response) => {
        resolve([response.statusCode, response.rawHeaders])
        response.resume()
      })
        .on('error', reject)
        .end()
    }),
  'a captured http.get': (url) =>
    new Promise((resolve, reject) => {
      capturedGet(url, (response) => {
        resolve([response.statusCode, response.rawHeaders])
        response.resume()
      }).on('error', reject)
    }),
  'global fetch': async (url) => seen(await fetch(url)),
  'a captured fetch': async (url) => seen(await capturedFetch(url)),
  'undici.request': viaUndici,
  'undici.request with an Agent of its own': async (url) => {
    const dispatcher = new Agent()
    const { statusCode, body } = await undiciRequest(url, { dispatcher })
    const text = await body.text()
    await dispatcher.close()
    return { statusCode, text }
  },
  'undici.fetch': async (url) => {
    const response = await undiciFetch(url)
    return [response.status, [...response.headers], await response.text()]
  },
}

const paths = [
  '/json',
  '/pretty-json',
  '/png',
  '/gzip',
  '/br',
  '/deflate',
  '/zstd',
  '/raw-headers',
  '/redirect',
  '/no-content',
  '/not-modified',
  '/length',
  '/events',
]

async function recordThenReplay(
  origin: Origin,
  see: () => Promise<unknown>,
): Promise<{ recorded: unknown; replayed: unknown; replayHits: number }> {
  const path = join(tempDir(), 'cassette')
  const recorded = await play(path, { redact: false }, see)
  await origin.close()
  const before = origin.hits
  const replayed = await play(nextRun(path), { redact: false }, see)
  return { recorded, replayed, replayHits: origin.hits - before }
}

describe.each(Object.entries(clients))('%s', (_name, client) => {
  test.each(paths)('replays all it saw of %s with the origin gone', async (path) => {
    const origin = await testOrigin()
    const bare = await client(origin.url + path)

    const result = await recordThenReplay(origin, () => client(origin.url + path))

    expect(result.replayHits).toBe(0)
    expect(result.replayed).toEqual(result.recorded)
    expect(withoutDate(result.recorded)).toEqual(withoutDate(bare))
  })
})

test('node:https replays an origin with a certificate of its own', async () => {
  const origin = await testOrigin({ tls: true })
  const options = { ca: certificate, agent: new https.Agent({ keepAlive: false }) }

  const result = await recordThenReplay(origin, () =>
    httpRequest(`${origin.url}/raw-headers`, options),
  )

  expect(result.replayHits).toBe(0)
  expect(result.replayed).toEqual(result.recorded)
  expect(result.recorded).toMatchObject({ status: 200, reason: 'Quite Fine' })
})

test('raw headers keep their order, case and duplicates, and the reason phrase its words', async () => {
  const origin = await testOrigin()

  const { replayed } = await recordThenReplay(origin, () =>
    httpRequest(`${origin.url}/raw-headers`),
  )

  expect(replayed).toMatchObject({
    reason: 'Quite Fine',
    rawHeaders: expect.arrayContaining(['X-Zeta', 'x-alpha', 'X-ZETA']),
  })
})

test('both cookies come back, with secrets hidden and the rest as it was', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const cookies = async () => (await fetch(`${origin.url}/cookies`)).headers.getSetCookie()

  const live = await play(path, cookies)
  await origin.close()

  expect(live).toEqual(['theme=dark; Path=/', 'session=s3cr3t-s3ss10n; HttpOnly; Path=/'])
  expect(await play(nextRun(path), cookies)).toEqual([
    'theme=dark; Path=/',
    'session=[REDACTED]; HttpOnly; Path=/',
  ])
})

test('a HEAD request replays its length without a body', async () => {
  const origin = await testOrigin()

  const { replayed, replayHits } = await recordThenReplay(origin, () =>
    httpRequest(`${origin.url}/length`, { method: 'HEAD' }),
  )

  expect(replayHits).toBe(0)
  expect(replayed).toMatchObject({
    rawHeaders: expect.arrayContaining(['Content-Length', '10']),
    body: Buffer.alloc(0),
  })
})

test('a recording made by one client answers another', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')

  await play(path, () => httpRequest(`${origin.url}/json`))
  const text = await play(path, async () => (await fetch(`${origin.url}/json`)).text())

  expect(text).toContain('octocat')
  expect(origin.hits).toBe(1)
})

test('request bodies reach the origin as they are and select their own recording', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const post = async (body: string | FormData | URLSearchParams | Blob) =>
    (await fetch(`${origin.url}/echo`, { method: 'POST', body })).text()
  const form = () => {
    const data = new FormData()
    data.set('file', new Blob(['bytes']), 'file.txt')
    return data
  }
  const all = () =>
    Promise.all([
      post('text'),
      post('other text'),
      post(new URLSearchParams({ a: '1', b: '2' })),
      post(new Blob([new Uint8Array([0, 255])])),
      post(form()),
    ])

  const recorded = await play(path, all)
  await origin.close()

  expect(origin.hits).toBe(5)
  expect(await play(path, all)).toEqual(recorded)
  expect(Buffer.from(JSON.parse(recorded[0]).body, 'base64').toString()).toBe('text')
})

/** The origin's clock runs on between a bare request and a recorded one. */
function withoutDate(value: unknown): unknown {
  const text = JSON.stringify(value)
  return JSON.parse(text.replaceAll(/\w{3}, \d{2} \w{3} \d{4} [\d:]{8} GMT/g, 'date'))
}
