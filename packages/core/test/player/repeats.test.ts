import { readdirSync, readFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { play, Player } from '../../src/index.ts'
import { httpRequest } from '../support/http-request.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'
import { cassetteWarnings, warningsTold } from '../support/warnings.ts'

const text = async (url: string) => (await fetch(url)).text()
const status = async (url: string) => (await fetch(url)).status

test('identical requests in flight make one call', async () => {
  const origin = await testOrigin()

  const answers = await play(join(tempDir(), 'cassette'), () =>
    Promise.all(Array.from({ length: 5 }, () => text(`${origin.url}/slow`))),
  )

  expect(answers).toEqual(Array(5).fill('{"hit":1}'))
  expect(origin.hits).toBe(1)
})

test('an answer that never ends holds up no equal request, and one that begins late makes the only call', async () => {
  const hits = { '/events': 0, '/late': 0 }
  const server = http.createServer(({ url }, response) => {
    if (url === '/late') {
      hits[url] += 1
      setTimeout(() => response.end('late'), 2200)
      return
    }
    hits['/events'] += 1
    const timer = setInterval(() => response.write(`data: ${url}\n\n`), 20)
    response.on('close', () => clearInterval(timer))
    response.writeHead(200, { 'content-type': 'text/event-stream' })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const path = join(tempDir(), 'cassette')
  const listen = async () => {
    const stop = new AbortController()
    const { body } = await fetch(`${base}/events`, { signal: stop.signal })
    const { value } = await body!.getReader().read()
    return { stop: () => stop.abort(), said: Buffer.from(value).toString().slice(0, 13) }
  }
  const late = async () => (await fetch(`${base}/late`)).text()
  const all = async () => {
    const texts = Promise.all([late(), late()])
    const listeners = [await listen(), ...(await Promise.all([listen(), listen()])), await listen()]
    for (const { stop } of listeners) stop()
    return [...listeners.map(({ said }) => said), ...(await texts)]
  }
  const said = [...Array.from({ length: 4 }, () => 'data: /events'), 'late', 'late']

  expect(await play(path, all)).toEqual(said)
  expect(hits).toEqual({ '/events': 4, '/late': 1 })
  server.closeAllConnections()
  server.close()

  expect(await play(nextRun(path), { recordMode: 'none' }, all)).toEqual(said)
})

test('a repeat after a failure goes live and replays as a sequence that repeats its last', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const poll = async () => [
    await status(`${origin.url}/flaky`),
    await status(`${origin.url}/flaky`),
    await status(`${origin.url}/flaky`),
  ]

  expect(await play(path, poll)).toEqual([503, 200, 200])
  expect(origin.hits).toBe(2)
  await origin.close()

  expect(await play(path, poll)).toEqual([503, 200, 200])
  expect(readdirSync(path).filter((file) => file.endsWith('_2.json'))).toHaveLength(1)
})

test('without repeats each recording answers once, in order, and one past the end is a miss', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const options = { allowPlaybackRepeats: false }
  const poll = async () => [
    await text(`${origin.url}/counter`),
    await text(`${origin.url}/counter`),
  ]

  await play(path, options, poll)
  expect(origin.hits).toBe(2)

  await play(path, { ...options, recordMode: 'none' }, async () => {
    expect(await poll()).toEqual(['{"hit":1}', '{"hit":2}'])
    await expect(text(`${origin.url}/counter`)).rejects.toMatchObject({
      cause: { message: expect.stringContaining('every recording of it has been played') },
    })
  })
  expect(origin.hits).toBe(2)
})

test('rewind makes every interaction playable again', async () => {
  const origin = await testOrigin()
  const player = new Player(join(tempDir(), 'cassette'), { allowPlaybackRepeats: false })

  await player.play(async () => {
    expect(await text(`${origin.url}/counter`)).toBe('{"hit":1}')
    player.rewind()
    expect(await text(`${origin.url}/counter`)).toBe('{"hit":1}')
  })
})

test('rewind of a test rewinds no other whose title begins with a line of the same text', async () => {
  const origin = await testOrigin()
  const player = new Player(join(tempDir(), 'cassette'), { allowPlaybackRepeats: false })
  const other = 'a\nb'

  await player.play(async () => {
    player.currentTest = other
    expect(await text(`${origin.url}/counter`)).toBe('{"hit":1}')
    player.rewind('a')
    expect(await text(`${origin.url}/counter`)).toBe('{"hit":2}')
    player.rewind('')
    expect(await text(`${origin.url}/counter`)).toBe('{"hit":3}')
    player.rewind(other)
    expect(await text(`${origin.url}/counter`)).toBe('{"hit":1}')
  })
})

test("a test has sequences of its own, and borrows the end of another's where it has none", async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const run = async (player: Player, name: string) => {
    player.currentTest = name
    return [await status(`${origin.url}/flaky`), await status(`${origin.url}/flaky`)]
  }
  const recorder = new Player(path)
  await recorder.play(() => run(recorder, 'retries'))
  await origin.close()

  const player = new Player(path)
  await player.play(async () => {
    expect(await run(player, 'another')).toEqual([200, 200])
    expect(await run(player, 'retries')).toEqual([503, 200])
  })
})

test.each([401, 408, 425, 429, 500, 503])(
  'in the recording run a repeat after %i goes live, and the sequence replays in order',
  async (failure) => {
    const origin = await statusOrigin([failure, failure, 200, 500])
    const path = join(tempDir(), 'cassette')
    const poll = async (times: number) => {
      const seen: number[] = []
      for (let at = 0; at < times; at += 1) seen.push(await status(origin.url))
      return seen
    }

    expect(await play(path, () => poll(5))).toEqual([failure, failure, 200, 200, 200])
    expect(origin.hits).toBe(3)
    await origin.close()

    expect(await play(nextRun(path), () => poll(5))).toEqual([failure, failure, 200, 200, 200])
  },
)

test.each([200, 204, 301, 304, 400, 403, 404, 409, 422])(
  'a repeat after %i makes no call, in the recording run too',
  async (answer) => {
    const origin = await statusOrigin([answer, 500])
    const ask = async () => (await fetch(origin.url, { redirect: 'manual' })).status

    expect(await play(join(tempDir(), 'cassette'), async () => [await ask(), await ask()])).toEqual(
      [answer, answer],
    )

    expect(origin.hits).toBe(1)
  },
)

test('a stored sequence that ended in a failure repeats it, and makes no call in a later run', async () => {
  const origin = await statusOrigin([503, 503])
  const path = join(tempDir(), 'cassette')
  await play(path, async () => [await status(origin.url), await status(origin.url)])
  const hits = origin.hits

  const later = nextRun(path)
  const seen = await play(later, async () => [
    await status(origin.url),
    await status(origin.url),
    await status(origin.url),
  ])

  expect(seen).toEqual([503, 503, 503])
  expect(origin.hits).toBe(hits)
})

test('without repeats identical requests in flight each make their own call', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const options = { allowPlaybackRepeats: false }
  const all = () => Promise.all(Array.from({ length: 5 }, () => text(`${origin.url}/slow`)))

  const recorded = await play(path, options, all)
  expect(recorded.toSorted()).toEqual([1, 2, 3, 4, 5].map((hit) => `{"hit":${hit}}`))
  expect(origin.hits).toBe(5)
  await origin.close()

  const replayed = await play(nextRun(path), { ...options, recordMode: 'none' }, all)
  expect(replayed.toSorted()).toEqual(recorded.toSorted())
})

test('without repeats identical requests in flight each get their own answer again, whichever came first', async () => {
  const waiting: http.ServerResponse[] = []
  const server = http.createServer((_request, response) => {
    waiting.push(response)
    if (waiting.length < 5) return
    // The last one that asked is answered first, and each before the next.
    const answerNext = () => {
      const next = waiting.pop()
      next?.on('close', () => setTimeout(answerNext, 20)).end(`${waiting.length}`)
    }
    answerNext()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/job`
  const path = join(tempDir(), 'cassette')
  const options = { allowPlaybackRepeats: false }
  // Not fetch: which of the connections that it has kept takes which request is its own affair.
  const ask = async () => (await httpRequest(url)).body.toString()
  const all = () => Promise.all(Array.from({ length: 5 }, ask))

  const recorded = await play(path, options, all)
  expect(new Set(recorded).size).toBe(5)
  const stored = readdirSync(path).toSorted(
    (one, other) => one.length - other.length || (one < other ? -1 : 1),
  )
  expect(
    stored.map((file) => readFileSync(join(path, file), 'utf8').match(/"text": "(\d)"/)?.[1]),
  ).toEqual(recorded)

  for (const mode of ['none', 'new_episodes'] as const) {
    expect(await play(nextRun(path), { ...options, recordMode: mode }, all)).toEqual(recorded)
  }
})

test('without repeats new_episodes records what is past the end, as the next of the sequence', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const options = { allowPlaybackRepeats: false }
  const poll = (times: number) => async () => {
    const seen: string[] = []
    for (let at = 0; at < times; at += 1) seen.push(await text(`${origin.url}/counter`))
    return seen
  }
  await play(path, options, poll(1))
  const second = nextRun(path)
  await play(second, options, poll(3))
  expect(origin.hits).toBe(3)
  await origin.close()

  const third = nextRun(second)
  expect(await play(third, { ...options, recordMode: 'none' }, poll(3))).toEqual([
    '{"hit":1}',
    '{"hit":2}',
    '{"hit":3}',
  ])
})

test('sequences recorded by several tests replay each in its own order, whatever the order of the tests', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const options = { allowPlaybackRepeats: false }
  const run = async (player: Player, name: string) => {
    player.currentTest = name
    return [await text(`${origin.url}/counter`), await text(`${origin.url}/counter`)]
  }
  const recorder = new Player(path, options)
  const recorded = await recorder.play(async () => ({
    first: await run(recorder, 'first'),
    second: await run(recorder, 'second'),
  }))
  await origin.close()

  const player = new Player(nextRun(path), { ...options, recordMode: 'none' })
  await player.play(async () => {
    expect(await run(player, 'second')).toEqual(recorded.second)
    expect(await run(player, 'first')).toEqual(recorded.first)
  })
})

test('a failed first attempt of a test leaves its retry the whole sequence', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const options = { allowPlaybackRepeats: false }
  const recorder = new Player(path, options)
  recorder.currentTest = 'polls'
  await recorder.play(async () => [
    await text(`${origin.url}/counter`),
    await text(`${origin.url}/counter`),
  ])
  await origin.close()

  const player = new Player(nextRun(path), { ...options, recordMode: 'none' })
  player.currentTest = 'polls'
  await player.play(async () => {
    expect(await text(`${origin.url}/counter`)).toBe('{"hit":1}')
    player.forgetAttempt('polls')
    expect(await text(`${origin.url}/counter`)).toBe('{"hit":1}')
    expect(await text(`${origin.url}/counter`)).toBe('{"hit":2}')
  })
})

test('a poll that gets one recording over and over is pointed out once, with the option that ends it', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const warnings = cassetteWarnings()

  await play(path, async () => {
    // As fast as it can until the warning comes: how fast that is, is the machine's affair.
    while (warnings.length === 0) await text(`${origin.url}/json`)
    for (let at = 0; at < 150; at += 1) await text(`${origin.url}/json`)
  })

  expect(warnings).toEqual([expect.stringContaining(`GET ${origin.url}/json`)])
  for (const part of [path, 'allowPlaybackRepeats: false', 'CASSETTE_MODE=all']) {
    expect(warnings[0]).toContain(part)
  }
  expect(origin.hits).toBe(1)
})

test('many different requests are no poll', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const all = () =>
    Promise.all(Array.from({ length: 150 }, (_, at) => text(`${origin.url}/json?${at}`)))
  await play(path, all)
  const warnings = cassetteWarnings()

  await play(nextRun(path), all)

  await warningsTold()
  expect(warnings).toEqual([])
})

/** An origin that answers with these status codes in turn. */
async function statusOrigin(codes: readonly number[]) {
  let hits = 0
  const server = http.createServer((_request, response) => {
    response.writeHead(codes[hits] ?? 200, { Location: '/' }).end()
    hits += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  onTestFinished(close)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    get hits() {
      return hits
    },
    close,
  }
}
