import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Pool as UndiciPool } from 'undici'
import undici from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { eject, insert, passthrough, play, Player } from '../../src/index.ts'
import { httpRequest } from '../support/http-request.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

const text = async (url: string) => (await fetch(url)).text()

test('concurrent plays each use their own cassette', async () => {
  const origin = await testOrigin()
  const dir = tempDir()
  const visit = async (name: string) => {
    const player = new Player(join(dir, `${name}.json`))
    await player.play(async () => {
      await text(`${origin.url}/${name}`)
      await httpRequest(`${origin.url}/${name}-again`)
    })
    return player.report().recorded.map((recorded) => recorded.split(' ')[1]?.split('/')[1])
  }

  const recorded = await Promise.all(['a', 'b', 'c', 'd'].map((name) => visit(name)))

  expect(recorded).toEqual([
    ['a', 'a-again'],
    ['b', 'b-again'],
    ['c', 'c-again'],
    ['d', 'd-again'],
  ])
})

test('inserts form a stack: the last one answers, and its eject uncovers the one below', async () => {
  const origin = await testOrigin()
  const dir = tempDir()

  const outer = insert(join(dir, 'outer'))
  const inner = insert(join(dir, 'inner'))
  await text(`${origin.url}/first`)
  await eject()
  await text(`${origin.url}/second`)
  await eject()

  expect(inner.report().recorded).toEqual([expect.stringContaining('_first_')])
  expect(outer.report().recorded).toEqual([expect.stringContaining('_second_')])
})

test('play answers before what is inserted', async () => {
  const origin = await testOrigin()
  const dir = tempDir()

  const outer = insert(join(dir, 'outer'))
  await play(join(dir, 'inner'), () => text(`${origin.url}/json`))
  await eject()

  expect(outer.report().recorded).toEqual([])
})

test('a request outside of every running play is refused', async () => {
  const origin = await testOrigin()
  let leave = () => {}
  const held = new Promise<void>((resolve) => {
    leave = resolve
  })

  const playing = play(join(tempDir(), 'cassette'), () => held)
  await expect(text(`${origin.url}/json`)).rejects.toMatchObject({
    cause: { name: 'UnhandledRequestError', message: expect.stringContaining('passthrough()') },
  })
  leave()
  await playing

  expect(origin.hits).toBe(0)
})

test('passthrough makes real requests past the cassette and records none', async () => {
  const origin = await testOrigin()
  const player = insert(join(tempDir(), 'cassette'))

  await text(`${origin.url}/counter`)
  expect(await passthrough(() => text(`${origin.url}/counter`))).toBe('{"hit":2}')
  expect(await text(`${origin.url}/counter`)).toBe('{"hit":1}')
  await eject()

  expect(player.report().recorded).toHaveLength(1)
})

test('play ejects when the function fails, and hands its failure on', async () => {
  const origin = await testOrigin()
  const player = new Player(join(tempDir(), 'cassette'))
  const failure = new Error('of the test')

  await expect(
    player.play(async () => {
      await text(`${origin.url}/json`)
      throw failure
    }),
  ).rejects.toBe(failure)

  expect(player.isInserted).toBe(false)
  expect(player.report().recorded).toHaveLength(1)
})

test('play returns what the function returns, awaited', async () => {
  expect(await play(join(tempDir(), 'cassette'), () => 1)).toBe(1)
  expect(await play(join(tempDir(), 'cassette'), async () => 2)).toBe(2)
})

const hundred = Array.from({ length: 100 }, (_, at) => at)

test.each(['cassette', 'cassette.json', 'cassette.yaml'])(
  '100 different requests at once record into %s and replay, each to its own caller',
  async (name) => {
    const origin = await testOrigin()
    const path = join(tempDir(), name)
    const all = async () =>
      Promise.all(
        hundred.map(async (at) => {
          const body = JSON.stringify({ caller: at })
          const url = `${origin.url}/echo`
          const answer =
            at % 2 === 0
              ? await (await fetch(url, { method: 'POST', body })).text()
              : (await httpRequest(url, { method: 'POST', body })).body.toString()
          return Buffer.from((JSON.parse(answer) as { body: string }).body, 'base64').toString()
        }),
      )
    const expected = hundred.map((at) => JSON.stringify({ caller: at }))

    expect(await play(path, all)).toEqual(expected)
    expect(origin.hits).toBe(100)
    await origin.close()

    const later = new Player(nextRun(path), { recordMode: 'none' })
    expect(await later.play(all)).toEqual(expected)
    expect(later.report()).toMatchObject({ unused: [], unhandled: [] })
  },
)

test('many requests over node:http at once leave no heap of listeners on a socket', async () => {
  const origin = await testOrigin()
  const warnings: Error[] = []
  const listen = (warning: Error) => warnings.push(warning)
  process.on('warning', listen)

  await play(join(tempDir(), 'cassette'), () =>
    Promise.all(hundred.map((at) => httpRequest(`${origin.url}/json?${at}`))),
  )
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', listen)

  expect(warnings).toEqual([])
})

test('100 identical requests at once make one call, and each caller gets the answer', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const all = () => Promise.all(hundred.map(() => text(`${origin.url}/slow`)))

  expect(await play(path, all)).toEqual(hundred.map(() => '{"hit":1}'))
  expect(origin.hits).toBe(1)
  await origin.close()

  expect(await play(nextRun(path), all)).toEqual(hundred.map(() => '{"hit":1}'))
})

test('identical requests in flight that fail each tell their own failure', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')

  const outcomes = await play(path, () =>
    Promise.allSettled([1, 2, 3].map(() => text(`${origin.url}/cut`))),
  )

  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
})

test('plays that run at once in different async contexts never see each other', async () => {
  const origin = await testOrigin()
  const dir = tempDir()
  const names = hundred.slice(0, 20)
  const visit = (name: number) => {
    const player = new Player(join(dir, String(name)))
    return player.play(async () => {
      // Out of step, through timers, emitters and streams that carry the context in their own ways.
      await new Promise((resolve) => setTimeout(resolve, (name * 7) % 20))
      await text(`${origin.url}/${name}`)
      await new Promise<void>((resolve) => {
        process.nextTick(() => void httpRequest(`${origin.url}/${name}/tick`).then(() => resolve()))
      })
      const body = ReadableStream.from([Buffer.from(String(name))])
      await fetch(`${origin.url}/${name}/up`, {
        method: 'POST',
        body,
        duplex: 'half',
      })
      return player
    })
  }

  const players = await Promise.all(names.map((name) => visit(name)))

  for (const [at, player] of players.entries()) {
    const urls = player.interactions.map(({ request }) => request.url.slice(origin.url.length))
    expect(urls.toSorted()).toEqual([`/${at}`, `/${at}/tick`, `/${at}/up`])
  }
})

test('a play inside a play answers its own requests, and the outer one the rest', async () => {
  const origin = await testOrigin()
  const dir = tempDir()
  const outer = new Player(join(dir, 'outer'))
  const inner = new Player(join(dir, 'inner'))

  await outer.play(async () => {
    await text(`${origin.url}/before`)
    await inner.play(() => text(`${origin.url}/inside`))
    await text(`${origin.url}/after`)
  })

  const paths = (player: Player) =>
    player.interactions.map(({ request }) => new URL(request.url).pathname)
  expect(paths(outer).toSorted()).toEqual(['/after', '/before'])
  expect(paths(inner)).toEqual(['/inside'])
})

const requireHere = createRequire(import.meta.url)
const requireOfFidelity = createRequire(requireHere.resolve('@fixtures/fidelity/package.json'))

// Up to undici 7 what waits in such a pool is made in the context of the request before it.
function limitedPool(url: string, version: 'undici6' | 'undici' | 'undici8' = 'undici') {
  const { Pool }: { Pool: typeof UndiciPool } = requireOfFidelity(version)
  const pool = new Pool(url, { connections: 1 })
  onTestFinished(() => pool.close())
  const get = async (path: string) => {
    const { body } = await pool.request({ path: `/${path}`, method: 'GET' })
    return body.text()
  }
  return (paths: readonly string[]) => Promise.allSettled(paths.map((path) => get(path)))
}

// Its second request is made in the async context that its connection was opened in.
test('a redirect that undici follows belongs to the play that asked, whoever had the connection', async () => {
  const origin = await testOrigin()
  const dir = tempDir()
  const agent = new undici.Agent()
  onTestFinished(() => agent.close())
  const dispatcher = agent.compose(undici.interceptors.redirect({ maxRedirections: 1 }))
  const players = ['a', 'b', 'c'].map((name) => new Player(join(dir, name)))

  for (const player of players) {
    await player.play(async () => {
      const { body } = await undici.request(`${origin.url}/redirect`, { dispatcher })
      await body.dump()
    })
  }

  const both = ['/json', '/redirect']
  expect(players.map((player) => pathsOf(player))).toEqual([both, both, both])
})

const pathsOf = (player: Player) =>
  player.interactions.map(({ request: { url } }) => new URL(url).pathname).toSorted()

const refusals = (outcomes: readonly PromiseSettledResult<string>[]) =>
  outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))

const ofTheQueue = {
  name: 'UnhandledRequestError',
  message: expect.stringContaining('it waited in the queue of an undici pool'),
}

test.each(['undici6', 'undici'] as const)(
  'what waits in a limited pool of %s lands in the cassette of no other play',
  async (version) => {
    const origin = await testOrigin()
    const dir = tempDir()
    const [a, b] = [new Player(join(dir, 'a')), new Player(join(dir, 'b'))]
    const getAll = limitedPool(origin.url, version)

    const outcomes = await Promise.all([
      a.play(() => getAll(['a1', 'a2'])),
      b.play(() => getAll(['b1', 'b2'])),
    ])

    expect(pathsOf(a)).toEqual(['/a1'])
    expect(pathsOf(b)).toEqual([])
    expect(origin.hits).toBe(1)
    const refused = refusals(outcomes.flat())
    expect(refused).toMatchObject([ofTheQueue, ofTheQueue, ofTheQueue])
  },
)

test('what waits in a limited pool of undici 8 lands in the cassette of its own play', async () => {
  const origin = await testOrigin()
  const dir = tempDir()
  const [a, b] = [new Player(join(dir, 'a')), new Player(join(dir, 'b'))]
  const getAll = limitedPool(origin.url, 'undici8')

  await Promise.all([a.play(() => getAll(['a1', 'a2'])), b.play(() => getAll(['b1', 'b2']))])

  expect(pathsOf(a)).toEqual(['/a1', '/a2'])
  expect(pathsOf(b)).toEqual(['/b1', '/b2'])
})

test('what waits in a limited undici pool lands in no cassette where one is inserted below a play', async () => {
  const origin = await testOrigin()
  const dir = tempDir()
  const inner = new Player(join(dir, 'inner'))
  const getAll = limitedPool(origin.url)

  const outer = insert(join(dir, 'outer'))
  const outside = getAll(['outside1', 'outside2'])
  const inside = await inner.play(() => getAll(['inside']))
  const outcomes = [...(await outside), ...inside]
  await eject()

  expect(pathsOf(outer)).toEqual(['/outside1'])
  expect(pathsOf(inner)).toEqual([])
  expect(refusals(outcomes)).toMatchObject([ofTheQueue, ofTheQueue])
})

test('what waits in a limited undici pool does not reach the network by a passthrough', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const getAll = limitedPool(origin.url)

  const outcomes = await play(path, { recordMode: 'none' }, async () => {
    const passing = passthrough(() => getAll(['let']))
    const refused = await getAll(['refused'])
    return [...(await passing), ...refused]
  })

  expect(refusals(outcomes)).toMatchObject([ofTheQueue])
  expect(origin.hits).toBe(1)
})

test('what waits in a limited undici pool is recorded where only one cassette can be meant', async () => {
  const origin = await testOrigin()
  const dir = tempDir()
  const paths = ['1', '2', '3']
  const played = new Player(join(dir, 'played'))

  await played.play(() => limitedPool(origin.url)(paths))
  const inserted = insert(join(dir, 'inserted'))
  await limitedPool(origin.url)(paths)
  await eject()

  expect(pathsOf(played)).toEqual(['/1', '/2', '/3'])
  expect(pathsOf(inserted)).toEqual(['/1', '/2', '/3'])
})

test('eject while streams come in loses none of them', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const urls = hundred.slice(0, 10).map((at) => `${origin.url}/events?${at}`)

  const player = insert(path)
  const responses = await Promise.all(urls.map((url) => fetch(url)))
  const [, ...bodies] = await Promise.all([
    player.eject(),
    ...responses.map((response) => response.text()),
  ])
  await origin.close()

  expect(new Set(bodies)).toEqual(new Set(['data: one\n\ndata: two\n\ndata: three\n\n']))
  const replayed = await play(nextRun(path), { recordMode: 'none' }, () =>
    Promise.all(urls.map((url) => text(url))),
  )
  expect(replayed).toEqual(bodies)
})

test.each(['cassette', 'cassette.json'])(
  'processes that play %s at the same time lose nothing',
  async (name) => {
    const origin = await testOrigin()
    const path = join(tempDir(), name)
    const core = JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)
    const record = (worker: number) => `
      import { play } from ${core}
      await play(${JSON.stringify(path)}, async () => {
        for (let at = 0; at < 5; at += 1) {
          await fetch('${origin.url}/${worker}/' + at)
          await fetch('${origin.url}/shared')
        }
      })`
    const env = { ...process.env, CI: '', CASSETTE_MODE: '' }
    const run = promisify(execFile)

    await Promise.all(
      [0, 1, 2].map((worker) =>
        run(process.execPath, ['--input-type=module', '-e', record(worker)], { env }),
      ),
    )

    const { interactions } = new Player(path)
    const paths = interactions.map(({ request }) => new URL(request.url).pathname)
    expect(paths.toSorted()).toEqual([
      ...[0, 1, 2].flatMap((worker) => [0, 1, 2, 3, 4].map((at) => `/${worker}/${at}`)),
      '/shared',
    ])
  },
)
