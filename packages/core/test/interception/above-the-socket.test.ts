import { channel } from 'node:diagnostics_channel'
import { join } from 'node:path'
import { ReadableStream } from 'node:stream/web'
import nock from 'nock'
import * as undici from 'undici'
import * as undici8 from 'undici8'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { Player, play, type PlayerOptions, type RequestHead } from '../../src/index.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { socketsOf } from '../support/sockets-of.ts'
import { tempDir } from '../support/temp-dir.ts'

// nock is imported above and active, as in a suite that uses it somewhere else: without a stub it
// takes no request, and everything here is answered all the same.

const { fetch: captured } = globalThis

beforeEach(() => {
  if (!nock.isActive()) nock.activate()
})

afterEach(() => {
  nock.cleanAll()
})

/** Records what a function asks for, then runs it again with the origin gone and counts its sockets. */
async function replaySockets(run: (url: string) => Promise<unknown>, meanwhile?: () => () => void) {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const recorded = await play(path, { redact: false }, () => run(origin.url))
  await origin.close()
  let replayed: unknown
  const sockets = await play(nextRun(path), { recordMode: 'none', redact: false }, () => {
    const end = meanwhile?.()
    return socketsOf(async () => {
      replayed = await run(origin.url)
    }).finally(end)
  })
  expect(replayed).toEqual(recorded)
  return sockets
}

/** All that a client of fetch can see. */
async function seen(response: Response) {
  const { headers, redirected, status, statusText, type, url } = response
  const cloned = await response.clone().text()
  const text = await response.text()
  return { headers: [...headers], redirected, status, statusText, type, url, text, cloned }
}

const get = (path: string, init?: RequestInit) => async (url: string) =>
  seen(await fetch(url + path, init))
const post = (body: RequestInit['body']) => get('/echo', { method: 'POST', body: body ?? null })

describe('makes no socket', () => {
  const requests = {
    JSON: get('/json'),
    'a compressed body': get('/gzip'),
    cookies: get('/cookies'),
    'a redirect, hop by hop': get('/redirect'),
    'no content': get('/no-content'),
    'not modified': get('/not-modified'),
    HEAD: get('/length', { method: 'HEAD' }),
    'a stream': get('/events'),
    'a text to send': post('text'),
    'a form to send': post(new URLSearchParams({ a: '1' })),
    'bytes to send': post(new Uint8Array([1, 2, 255])),
    'a captured fetch': async (url: string) => seen(await captured(`${url}/json`)),
  }
  test.each(Object.entries(requests))('%s', async (_name, run) => {
    expect(await replaySockets(run)).toBe(0)
  })

  const packages = { 'undici 7': undici, 'undici 8': undici8 }
  test.each(Object.entries(packages))('%s', async (_name, { fetch: undiciFetch, request }) => {
    const run = async (url: string) => {
      const { statusCode, headers, body } = await request(`${url}/json`)
      const response = await undiciFetch(`${url}/cookies`)
      return [statusCode, headers, await body.text(), [...response.headers]]
    }

    expect(await replaySockets(run)).toBe(0)
  })
})

describe('leaves to undici, which makes a socket,', () => {
  const long = {
    'a stream to send': (url: string) => {
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(Buffer.from('streamed'))
          controller.close()
        },
      })
      return get('/echo', { method: 'POST', body, duplex: 'half' })(url)
    },
    'a large body to send': (url: string) => post(Buffer.alloc(2 ** 21, 'large'))(url),
    'a dispatcher of its own': async (url: string) => {
      const dispatcher = new undici.Agent()
      onTestFinished(() => dispatcher.close())
      return (await undici.request(`${url}/json`, { dispatcher })).body.text()
    },
  }
  test.each(Object.entries(long))('%s', async (_name, run) => {
    expect(await replaySockets(run)).toBeGreaterThan(0)
  })

  const others: Record<string, () => () => void> = {
    'what a stub of nock may want': () => {
      nock('http://stubbed.test').get('/').reply(200)
      return () => nock.cleanAll()
    },
    'what a recorder of nock listens to': () => {
      nock.restore()
      nock.recorder.rec({ dont_print: true })
      return () => nock.restore()
    },
    'what tracing listens to': () => {
      const create = channel('undici:request:create')
      const listener = () => {}
      create.subscribe(listener)
      return () => create.unsubscribe(listener)
    },
    'what a MockAgent may want': () => setDispatcher(mockAgent()),
    'what an Agent with options is set for': () =>
      setDispatcher(new undici.Agent({ connections: 2 })),
    'what is composed': () => setDispatcher(undici.getGlobalDispatcher().compose((next) => next)),
  }
  test.each(Object.entries(others))('%s', async (_name, meanwhile) => {
    const before = undici.getGlobalDispatcher()

    expect(await replaySockets(get('/json'), meanwhile)).toBeGreaterThan(0)

    expect(undici.getGlobalDispatcher()).toBe(before)
  })
})

test('answers what an interceptor before it lets through', async () => {
  const asked: unknown[] = []
  const compose = () =>
    setDispatcher(
      undici.getGlobalDispatcher().compose((next) => (options, handler) => {
        asked.push(options.path)
        return next(options, handler)
      }),
    )

  await replaySockets(get('/json'), compose)

  expect(asked).toEqual(['/json'])
})

test('a dispatcher that was set before the insertion is not taken over, and stays', async () => {
  const agent = mockAgent()
  const restore = setDispatcher(agent)
  onTestFinished(restore)

  expect(await replaySockets(get('/json'))).toBeGreaterThan(0)

  expect(undici.getGlobalDispatcher()).toBe(agent)
})

test('one that was kept from an insertion goes to the network after it', async () => {
  nock.restore()
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const kept = await play(path, async () => {
    await (await undici.request(`${origin.url}/counter`)).body.dump()
    return undici.getGlobalDispatcher()
  })

  const { body } = await kept.request({ origin: origin.url, path: '/counter', method: 'GET' })

  expect(await body.json()).toEqual({ hit: 2 })
})

describe('hands over the very request that undici would write', () => {
  const bodies = ['text', Buffer.from([0, 255]), new URLSearchParams({ a: '1' }), null]
  const fetches = bodies.flatMap((body) =>
    ['POST', 'PUT', 'DELETE'].map((method) => ({ method, body })),
  )
  const requests: Record<string, (url: string, own: boolean) => Promise<unknown>> = {
    fetch: async (url, own) => {
      const rest: object = own ? { dispatcher: ownAgent() } : {}
      const inits: RequestInit[] = [
        ...fetches,
        {
          headers: [
            ['X-Case', ' a '],
            ['Authorization', 'Bearer s3cr3t-t0k3n'],
          ],
        },
        { method: 'HEAD' },
        { method: 'OPTIONS' },
      ]
      for (const init of inits) {
        await (await fetch(`${url}/echo?q=ü&x=`, { ...init, ...rest })).text()
      }
    },
    'undici.request': async (url, own) => {
      const options = own ? { dispatcher: ownAgent() } : {}
      const given = [
        { headers: { 'X-Case': ['a', 'b'], accept: 'text/plain' } },
        { headers: ['X-Flat', 'a', 'x-flat', 'b'] },
        { method: 'POST', body: 'text' },
        { method: 'POST', body: '' },
        { method: 'PATCH', body: Buffer.from('bytes'), headers: { 'content-length': '5' } },
        { method: 'GET', body: 'of a GET' },
        { method: 'DELETE' },
        { method: 'HEAD' },
      ] as const
      for (const one of given) {
        await (await undici.request(`${url}/echo`, { ...one, ...options } as object)).body.dump()
      }
    },
  }
  test.each(Object.entries(requests))('%s', async (_name, run) => {
    const origin = await testOrigin()
    const asks = async (own: boolean) => {
      const heads: RequestHead[] = []
      const options: PlayerOptions = { ignore: (head) => heads.push(head) < 0 }
      const player = new Player(join(tempDir(), 'cassette'), options)
      await player.play(() => run(origin.url, own))
      return { heads, recorded: player.report().recorded }
    }

    const above = await asks(false)
    const below = await asks(true)

    expect(above).toEqual(below)
    expect(above.recorded.length).toBeGreaterThan(5)
  })
})

test('hits and misses of one sequence keep their order', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const options: PlayerOptions = { allowPlaybackRepeats: false, recordMode: 'new_episodes' }
  const hit = async () =>
    ((await (await fetch(`${origin.url}/counter`)).json()) as { hit: number }).hit
  await play(path, options, async () => [await hit(), await hit()])

  const player = new Player(nextRun(path), options)
  const hits = await player.play(async () => [await hit(), await hit(), await hit(), await hit()])

  expect(hits).toEqual([1, 2, 3, 4])
  expect(player.playCount()).toBe(2)
  expect(player.report().recorded).toHaveLength(2)
})

test('equal requests at once are made once and each counts once', async () => {
  const origin = await testOrigin()
  const player = new Player(join(tempDir(), 'cassette'))

  await player.play(() => Promise.all([1, 2, 3].map(() => get('/slow')(origin.url))))

  expect(origin.hits).toBe(1)
  expect(player.playCount()).toBe(2)
})

test('a request that is aborted before it is under way takes no recording', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  await play(path, () => get('/json')(origin.url))
  const player = new Player(nextRun(path), { recordMode: 'none', allowPlaybackRepeats: false })

  await player.play(async () => {
    const controller = new AbortController()
    const aborted = fetch(`${origin.url}/json`, { signal: controller.signal })
    await Promise.resolve()
    controller.abort()
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' })
    expect((await fetch(`${origin.url}/json`)).status).toBe(200)
  })

  expect(player.playCount()).toBe(1)
})

test('an abort amid a stream reaches its reader', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  await play(path, () => get('/events')(origin.url))

  const error = await play(nextRun(path), { recordMode: 'none' }, async () => {
    const controller = new AbortController()
    const { body } = await fetch(`${origin.url}/events`, { signal: controller.signal })
    const reader = body!.getReader()
    await reader.read()
    controller.abort()
    return reader.read().catch((reason: unknown) => reason)
  })

  expect(error).toMatchObject({ name: 'AbortError' })
})

test('a loop that polls lets timers run', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  await play(path, () => get('/json')(origin.url))
  const player = new Player(nextRun(path), { recordMode: 'none' })

  await player.play(async () => {
    const isOver = AbortSignal.timeout(5)
    while (!isOver.aborted) await get('/json')(origin.url)
  })

  expect(player.playCount()).toBeGreaterThan(0)
})

test('an application that changes the bytes it got changes no later answer', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const bytes = async (isChanged: boolean) => {
    const { body } = await undici.request(`${origin.url}/png`)
    let all = Buffer.alloc(0)
    for await (const chunk of body) {
      all = Buffer.concat([all, chunk as Buffer])
      if (isChanged) (chunk as Buffer).fill(0)
    }
    return all.toString('hex')
  }
  const recorded = await play(path, () => bytes(false))

  const replayed = await play(nextRun(path), { recordMode: 'none' }, async () => [
    await bytes(true),
    await bytes(false),
  ])

  expect(replayed).toEqual([recorded, recorded])
})

function ownAgent(): undici.Agent {
  const agent = new undici.Agent()
  onTestFinished(() => agent.close())
  return agent
}

function mockAgent(): undici.MockAgent {
  const agent = new undici.MockAgent()
  agent.enableNetConnect()
  onTestFinished(() => agent.close())
  return agent
}

function setDispatcher(dispatcher: undici.Dispatcher): () => void {
  const before = undici.getGlobalDispatcher()
  undici.setGlobalDispatcher(dispatcher)
  return () => undici.setGlobalDispatcher(before)
}
