import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { Player, play, type PlayerOptions, type RequestHead } from '../../src/index.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

const { fetch: nodesFetch } = globalThis

/** Node makes the first of a kind; what is made here has a prototype of its own. */
const isMadeHere = (response: Response) => Object.getPrototypeOf(response) !== Response.prototype

async function failure(run: () => unknown): Promise<unknown> {
  try {
    return { passed: await run() }
  } catch (error) {
    return error
  }
}

function inheritedNames(response: Response): string[] {
  const names: string[] = []
  for (const name in response) names.push(name)
  return names.toSorted()
}

/** All that a program can see of a response, but its dates. */
async function looks(response: Response) {
  const fixed = ['append', 'delete', 'set'] as const
  const { headers, body } = response
  const seen = {
    url: response.url,
    type: response.type,
    redirected: response.redirected,
    status: response.status,
    statusText: response.statusText,
    ok: response.ok,
    headers: [...headers],
    cookies: headers.getSetCookie(),
    fixed: await Promise.all(fixed.map((name) => failure(() => headers[name]('x-new', 'x')))),
    sameHeaders: response.headers === headers,
    areHeaders: headers instanceof Headers,
    isResponse: response instanceof Response,
    classes: [response.constructor === Response, headers.constructor === Headers],
    tag: Object.prototype.toString.call(response),
    names: inheritedNames(response),
    own: Object.keys(response),
    inspected: inspect(response)
      .replaceAll(/'date': .*/g, '')
      .replace(/body: .*/, ''),
    hasBody: body !== null,
    usedBefore: response.bodyUsed,
  }
  const copy = response.clone()
  const copyOfCopy = copy.clone()
  const reader = copyOfCopy.body?.getReader({ mode: 'byob' })
  const start = await reader?.read(new Uint8Array(4))
  void reader?.cancel()
  return {
    ...seen,
    start: start && { done: start.done, text: Buffer.from(start.value ?? []).toString() },
    copied: { url: copy.url, type: copy.type, headers: [...copy.headers] },
    fixedCopy: await failure(() => copyOfCopy.headers.set('x-new', 'x')),
    blob: await copy.blob().then(async (blob) => [blob.type, blob.size, await blob.text()]),
    text: await response.text(),
    usedAfter: response.bodyUsed,
    again: await failure(() => response.text()),
    cloneAfter: await failure(() => response.clone().url),
  }
}

/** Records calls of `fetch` and replays each twice, with the origin gone. */
async function replayTwice<Seen>(
  call: (url: string, fetched: typeof fetch) => Promise<Seen>,
  options: PlayerOptions = {},
) {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const recorded = await play(path, options, () => call(origin.url, fetch))
  await origin.close()
  const player = new Player(nextRun(path), { ...options, recordMode: 'none' })
  const [byNode, here] = await player.play(async () => {
    await call(origin.url, fetch)
    return [await call(origin.url, nodesFetch), await call(origin.url, fetch)] as const
  })
  return { recorded, byNode, here, player }
}

describe('a response that is made here looks like one of Node', () => {
  const calls: Record<string, readonly [path: string, init?: RequestInit]> = {
    JSON: ['/json'],
    'a picture': ['/png'],
    cookies: ['/cookies'],
    gzip: ['/gzip'],
    'gzip of nothing': ['/gzip-of-nothing'],
    br: ['/br'],
    deflate: ['/deflate'],
    events: ['/events'],
    'no content': ['/no-content'],
    'not modified': ['/not-modified'],
    HEAD: ['/length', { method: 'HEAD' }],
    POST: ['/echo', { method: 'post', body: 'text', headers: [['X-Case', ' a ']] }],
    'a form': ['/echo', { method: 'PUT', body: new URLSearchParams({ a: 'ü' }) }],
    bytes: ['/echo', { method: 'PATCH', body: new Uint8Array([0, 255]), redirect: 'manual' }],
    'a signal': ['/json#part', { signal: AbortSignal.timeout(60_000), headers: new Headers() }],
  }
  test.each(Object.entries(calls))('%s', async (_name, [path, init]) => {
    const made: boolean[] = []
    const { byNode, here } = await replayTwice(async (url, fetched) => {
      const response = await fetched(url + path, init)
      made.push(isMadeHere(response))
      return looks(response)
    })

    expect(here).toEqual(byNode)
    expect(made.slice(1)).toEqual([false, false, true])
  })
})

describe('Node answers', () => {
  const calls: Record<string, (url: string) => Promise<Response>> = {
    'a Request': (url) => fetch(new Request(`${url}/json`)),
    'what has a mode of its own': (url) => fetch(`${url}/json`, { cache: 'no-store' }),
    'a redirect': (url) => fetch(`${url}/redirect`),
    'a body that streams': (url) =>
      fetch(`${url}/echo`, { method: 'POST', body: new Blob(['text']).stream(), duplex: 'half' }),
    'a form of parts': (url) => {
      const form = new FormData()
      form.set('a', '1')
      return fetch(`${url}/echo`, { method: 'POST', body: form })
    },
    'a coding that only Node knows': (url) => fetch(`${url}/zstd`),
    'a length that is given': (url) =>
      fetch(`${url}/echo`, { method: 'POST', body: 'a', headers: { 'content-length': '1' } }),
    'a header twice': (url) =>
      fetch(`${url}/json`, {
        headers: [
          ['x-twice', 'a'],
          ['X-Twice', 'b'],
        ],
      }),
  }
  test.each(Object.entries(calls))('%s', async (_name, call) => {
    const made: boolean[] = []
    const options = { matchOn: ['method', 'url'] } as const
    const { recorded, here } = await replayTwice(async (url) => {
      const response = await call(url)
      made.push(isMadeHere(response))
      return response.text()
    }, options)

    expect(here).toBe(recorded)
    expect(new Set(made)).toEqual(new Set([false]))
  })

  test('what it refuses, with its own error', async () => {
    const refused = await replayTwice(async (url, fetched) => {
      await fetched(`${url}/json`)
      const refusals = [
        () => fetched('/relative'),
        () => fetched(`${url}/json`, { method: 'TRACE' }),
        () => fetched(`${url}/json`, { method: 'GET', body: 'a' }),
        () => fetched(`${url}/json`, { headers: { 'not a name': 'a' } }),
        () => fetched(`${url}/json`, { headers: { name: 'a\nb' } }),
        () => fetched(`${url}/json`, { signal: AbortSignal.abort(new Error('before')) }),
        () => fetched(url.replace('//', '//user:password@')),
      ]
      return Promise.all(refusals.map(failure))
    })

    expect(refused.here).toEqual(refused.byNode)
    expect(refused.here.every((error) => error instanceof Error)).toBe(true)
  })
})

test('the request that is answered here is the one that Node would write', async () => {
  const origin = await testOrigin()
  const heads: RequestHead[] = []
  const ignore = ({ method, url, headers }: RequestHead) => heads.push({ method, url, headers }) < 0
  const inits: RequestInit[] = [
    {},
    { headers: { 'X-Case': ' a ', Accept: 'text/plain', authorization: 'Bearer t0k3n' } },
    { headers: [['User-Agent', 'mine']] },
    { headers: new Headers({ 'X-B': '1', 'X-A': '2', range: 'bytes=0-1' }) },
    { method: 'post', body: 'ü' },
    { method: 'POST', body: new URLSearchParams({ a: '1' }), headers: { 'Content-Type': 'x/y' } },
    { method: 'PUT', body: new Uint8Array([1]) },
    { method: 'POST' },
    { method: 'DELETE' },
  ]
  const player = new Player(join(tempDir(), 'cassette'), { ignore })
  const ask = async () => {
    for (const init of inits) await (await fetch(`${origin.url}/echo?q=ü&x=#part`, init)).text()
    return heads.splice(0)
  }

  const [byNode, here] = await player.play(async () => [await ask(), await ask()] as const)

  expect(here).toEqual(byNode)
  expect(here).toHaveLength(inits.length)
})

test('a kind of request that is new, a new value and a miss are each decided once', async () => {
  const origin = await testOrigin()
  const player = new Player(join(tempDir(), 'cassette'), { recordMode: 'new_episodes' })
  const ask = async (id: number) =>
    (await fetch(`${origin.url}/echo?id=${id}`, { headers: { 'x-id': String(id) } })).status

  await player.play(async () => {
    for (const id of [1, 2, 2, 3, 1]) await ask(id)
  })

  expect(origin.hits).toBe(3)
  expect(player.playCount()).toBe(2)
  expect(player.report().recorded).toHaveLength(3)
})

test('a miss says the same, whoever answers', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const ask = async (id: number, fetched = fetch) =>
    (await fetched(`${origin.url}/json?id=${id}`)).status
  await play(path, () => ask(1))

  const [byNode, here] = await play(nextRun(path), { recordMode: 'none' }, async () => {
    await ask(1)
    return [await failure(() => ask(2, nodesFetch)), await failure(() => ask(2))] as Error[]
  })

  expect(here).toEqual(byNode)
  expect(String(here?.cause)).toContain('No recording answers')
})

describe('an abort', () => {
  const reason = new Error('enough')

  test('before the answer rejects at once and plays nothing', async () => {
    const { here, byNode, player } = await replayTwice(async (url, fetched) => {
      const controller = new AbortController()
      const { signal } = controller
      const answered = (await fetched(`${url}/json`, { signal })).status
      const call = failure(() => fetched(`${url}/json`, { signal }))
      await Promise.resolve()
      controller.abort(reason)
      return [answered, await call]
    })

    expect(here).toEqual(byNode)
    expect(here).toEqual([200, reason])
    expect(player.playCount()).toBe(3)
  })

  test('amid a body breaks it off', async () => {
    const { here, byNode } = await replayTwice(async (url, fetched) => {
      await (await fetched(`${url}/events`, { signal: new AbortController().signal })).text()
      const controller = new AbortController()
      const response = await fetched(`${url}/events`, { signal: controller.signal })
      const reader = response.body!.getReader()
      const first = await reader.read()
      controller.abort(reason)
      return [first.done, await failure(() => reader.read())]
    })

    expect(here).toEqual(byNode)
    expect(here).toEqual([false, reason])
  })

  test('after the body changes nothing', async () => {
    const { here, byNode } = await replayTwice(async (url, fetched) => {
      const controller = new AbortController()
      const response = await fetched(`${url}/json`, { signal: controller.signal })
      const text = await response.text()
      controller.abort(reason)
      return [text, await failure(() => response.text())]
    })

    expect(here).toEqual(byNode)
  })
})

test('the timing of a resource is told as Node tells it', async () => {
  performance.clearResourceTimings()
  const { here, byNode } = await replayTwice(async (url, fetched) => {
    await (await fetched(`${url}/json`)).text()
    // Node writes the entry a little after the end of the body.
    const entry = await vi.waitUntil(() => performance.getEntriesByType('resource')[0])
    performance.clearResourceTimings()
    const told = Object.entries(entry.toJSON() as object)
    return Object.fromEntries(told.filter(([name]) => !/Start$|End$|Time$|duration/.test(name)))
  })

  expect(here).toEqual(byNode)
})

describe('fetch', () => {
  test('is the very one that it was, after the last insertion', async () => {
    await play(join(tempDir(), 'cassette'), async () => {
      const origin = await testOrigin()
      await fetch(`${origin.url}/json`)
      expect(fetch).not.toBe(nodesFetch)
      expect([fetch.name, fetch.length]).toEqual([nodesFetch.name, nodesFetch.length])
    })

    expect(fetch).toBe(nodesFetch)
  })

  test('that a module keeps from one insertion answers in the next, and goes out between them', async () => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')
    const ask = async (fetched: typeof fetch) => {
      const response = await fetched(`${origin.url}/counter`)
      return { ...((await response.json()) as object), here: isMadeHere(response) }
    }
    const kept = await play(path, async () => {
      await ask(fetch)
      return fetch
    })

    expect(await ask(kept)).toEqual({ hit: 2, here: false })
    expect(await play(path, () => ask(kept).then(() => ask(kept)))).toEqual({ hit: 1, here: true })
  })

  test('of somebody else is left alone, whenever it comes', async () => {
    const stub = async () => new Response('stubbed')
    onTestFinished(() => void (globalThis.fetch = nodesFetch))
    const ask = async () => (await fetch('http://stubbed.test/')).text()
    const path = join(tempDir(), 'cassette')

    globalThis.fetch = stub
    expect(await play(path, ask)).toBe('stubbed')
    expect(fetch).toBe(stub)

    globalThis.fetch = nodesFetch
    await play(path, async () => {
      globalThis.fetch = stub
      expect(await ask()).toBe('stubbed')
    })
    expect(fetch).toBe(stub)
  })
})
