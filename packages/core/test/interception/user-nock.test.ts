import http from 'node:http'
import { join } from 'node:path'
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { play, type RecordMode } from '../../src/index.ts'
import { httpRequest } from '../support/http-request.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

// nock was imported above, before any cassette was inserted; below it is also switched in between.

beforeEach(() => {
  if (!nock.isActive()) nock.activate()
})

afterEach(() => {
  delete process.env['NOCK_OFF']
  nock.cleanAll()
  nock.enableNetConnect()
  nock.restore()
})

const clients = {
  fetch: async (url: string) => (await fetch(url)).text(),
  'node:http': async (url: string) => (await httpRequest(url)).body.toString(),
}

const disturbances = {
  nothing: () => {},
  'disableNetConnect()': () => nock.disableNetConnect(),
  'cleanAll()': () => nock.cleanAll(),
  'restore()': () => nock.restore(),
  'restore() and activate()': () => {
    nock.restore()
    nock.activate()
  },
  NOCK_OFF: () => {
    process.env['NOCK_OFF'] = 'true'
  },
}

describe.each(Object.entries(clients))('through %s', (_client, get) => {
  describe.each(Object.entries(disturbances))('after %s', (name, disturb) => {
    const stubWins = !['cleanAll()', 'restore()', 'NOCK_OFF'].includes(name)

    test('a matching stub wins, then a recording, then the record mode decides', async () => {
      const origin = await testOrigin()
      const path = join(tempDir(), 'cassette')
      await play(path, () => get(`${origin.url}/json`))
      const hits = origin.hits
      nock(origin.url).persist().get('/stubbed').reply(200, 'from the stub')

      await play(path, async () => {
        disturb()
        expect(await get(`${origin.url}/stubbed`)).toBe(stubWins ? 'from the stub' : '/stubbed')
        expect(await get(`${origin.url}/json`)).toContain('octocat')
        expect(await get(`${origin.url}/unknown`)).toBe('/unknown')
        expect(await get(`${origin.url}/unknown`)).toBe('/unknown')
      })

      expect(origin.hits).toBe(hits + (stubWins ? 1 : 2))
    })

    test('mode none sends nothing', async () => {
      const origin = await testOrigin()
      const path = join(tempDir(), 'cassette')
      await play(path, () => get(`${origin.url}/json`))
      const hits = origin.hits
      nock(origin.url).persist().get('/stubbed').reply(200, 'from the stub')
      const recordMode: RecordMode = 'none'

      await play(path, { recordMode }, async () => {
        disturb()
        expect(await get(`${origin.url}/json`)).toContain('octocat')
        await expect(get(`${origin.url}/unknown`)).rejects.toThrow(
          /fetch failed|No recording answers/,
        )
      })

      expect(origin.hits).toBe(hits)
    })
  })
})

test('what a stub answers is not recorded', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  nock(origin.url).get('/json').reply(200, 'from the stub')

  await play(path, async () => {
    expect(await clients.fetch(`${origin.url}/json`)).toBe('from the stub')
    expect(await clients.fetch(`${origin.url}/json`)).toContain('octocat')
  })

  expect(origin.hits).toBe(1)
})

test("a stub's own 501 in JSON passes", async () => {
  const origin = await testOrigin()
  nock(origin.url).get('/json').reply(501, { code: 'NOT_BUILT' })

  const response = await play(join(tempDir(), 'cassette'), () => fetch(`${origin.url}/json`))

  expect(response.status).toBe(501)
  expect(await response.json()).toEqual({ code: 'NOT_BUILT' })
  expect(origin.hits).toBe(0)
})

test("nock's patches stay when the last cassette is ejected", async () => {
  const origin = await testOrigin()
  await play(join(tempDir(), 'cassette'), () => clients.fetch(`${origin.url}/json`))
  nock(origin.url).get('/json').reply(200, 'from the stub')

  expect(await clients.fetch(`${origin.url}/json`)).toBe('from the stub')
})

test('a socket that an agent pooled while nock was active is not in the way of a recording', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const agent = new http.Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())
  const get = async () => (await httpRequest(`${origin.url}/json`, { agent })).body.toString()
  await get()

  const recorded = await play(path, get)
  await httpRequest(`${origin.url}/length`, { agent })
  const hits = origin.hits
  const replayed = await play(nextRun(path), { recordMode: 'none' }, get)

  expect(replayed).toBe(recorded)
  expect(origin.hits).toBe(hits)
})
