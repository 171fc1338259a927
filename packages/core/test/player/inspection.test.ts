import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { OptionError, play, Player, type Interaction } from '../../src/index.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'
import { cassetteWarnings, warningsTold } from '../support/warnings.ts'

const text = async (url: string) => (await fetch(url)).text()
const pathOf = ({ request }: Interaction) => new URL(request.url).pathname

/** A cassette with `/json` and `/png`, as a later run meets it. */
async function recorded(name = 'cassette') {
  const origin = await testOrigin()
  const path = join(tempDir(), name)
  await play(path, async () => {
    await text(`${origin.url}/json`)
    await text(`${origin.url}/png`)
  })
  return { origin, player: new Player(nextRun(path)) }
}

test.each(['cassette', 'cassette.json'])(
  'interactions of %s tells what is stored and recorded, before, in and after a play',
  async (name) => {
    const { origin, player } = await recorded(name)

    expect(player.interactions.map(pathOf)).toEqual(['/json', '/png'])
    await player.play(async () => {
      await text(`${origin.url}/counter`)
      expect(player.interactions.map(pathOf)).toEqual(['/counter', '/json', '/png'])
    })
    expect(player.interactions.map(pathOf)).toEqual(['/counter', '/json', '/png'])
  },
)

test('used and unused share the interactions by whether they were recorded or replayed', async () => {
  const { origin, player } = await recorded()
  expect(player.used).toEqual([])

  await player.play(async () => {
    await text(`${origin.url}/json`)
    await text(`${origin.url}/counter`)
  })

  expect(player.used.map(pathOf)).toEqual(['/counter', '/json'])
  expect(player.unused.map(pathOf)).toEqual(['/png'])
})

test('a replay is counted when its response is there, before its body is read', async () => {
  const { origin, player } = await recorded()

  await player.play(async () => {
    for (const count of [1, 2, 3]) {
      await fetch(`${origin.url}/json`)
      expect(player.playCount()).toBe(count)
    }
  })
})

test('playCount counts replays, of one interaction and of all, and no recording', async () => {
  const { origin, player } = await recorded()
  const [json, png] = player.interactions

  await player.play(async () => {
    await text(`${origin.url}/counter`)
    expect(player.playCount()).toBe(0)
    await text(`${origin.url}/counter`)
    await text(`${origin.url}/json`)
    await text(`${origin.url}/json`)
  })

  expect(player.playCount()).toBe(3)
  expect(player.playCount(json)).toBe(2)
  expect(player.playCount(png)).toBe(0)
})

test('interactions are frozen as deep as they go', async () => {
  const { player } = await recorded()
  const [json] = player.interactions as unknown as [
    { response: { body: { json: { login: string } } }; request: { headers: string[][] } },
  ]

  expect(() => {
    json.response.body.json.login = 'changed'
  }).toThrow(TypeError)
  expect(() => json.request.headers[0]?.push('more')).toThrow(TypeError)
})

test('recordedAt is when the oldest was recorded, for a fake clock', async () => {
  const { origin, player } = await recorded()
  const times = player.interactions.map(({ recordedAt }) => Date.parse(recordedAt))
  await player.play(() => text(`${origin.url}/counter`))

  expect(player.recordedAt?.getTime()).toBe(Math.min(...times))
  vi.useFakeTimers({ now: player.recordedAt! })
  expect(new Date().toISOString()).toBe(player.recordedAt?.toISOString())
  vi.useRealTimers()
})

test('an empty cassette was recorded at no time', () => {
  expect(new Player(join(tempDir(), 'cassette')).recordedAt).toBeUndefined()
})

test('listeners hear of replays, recordings and misses, redacted', async () => {
  const { origin, player } = await recorded()
  const heard: unknown[] = []
  player.on('replay', (interaction) => heard.push(['replay', pathOf(interaction)]))
  player.on('record', (interaction) => heard.push(['record', JSON.stringify(interaction)]))
  player.on('miss', (error) =>
    heard.push(['miss', `${error.method} ${error.url} ${error.message}`]),
  )

  await player.play(async () => {
    await text(`${origin.url}/json`)
    await fetch(`${origin.url}/login?token=live-token`)
    await text(`${origin.url}/new?token=[REDACTED:9]`).catch(() => undefined)
  })

  expect(heard).toEqual([
    ['replay', '/json'],
    ['record', expect.stringContaining('/login?token=[REDACTED]')],
    ['miss', expect.stringContaining('GET http')],
  ])
  expect(JSON.stringify(heard)).not.toMatch(/live-(?:token|access)/)
})

test('a listener hears of every miss, be it of the same request', async () => {
  const origin = await testOrigin()
  const player = new Player(join(tempDir(), 'cassette'), { recordMode: 'none' })
  const heard: string[] = []
  player.on('miss', ({ url }) => heard.push(url))

  for (let turn = 0; turn < 2; turn += 1) {
    await player.play(async () => {
      await text(`${origin.url}/new`).catch(() => undefined)
      await text(`${origin.url}/new`).catch(() => undefined)
    })
  }

  expect(heard).toEqual(Array.from({ length: 4 }, () => `${origin.url}/new`))
  expect(origin.hits).toBe(0)
})

test('the recording that a listener hears of is the one in the cassette', async () => {
  const origin = await testOrigin()
  const player = new Player(join(tempDir(), 'cassette'))
  const heard: Interaction[] = []
  player.on('record', (interaction) => heard.push(interaction))

  await player.play(() => text(`${origin.url}/json`))

  expect(heard[0]).toBe(player.interactions[0])
})

test('a listener hears no more once it is taken off, and others go on', async () => {
  const { origin, player } = await recorded()
  const heard: string[] = []
  const listen = () => heard.push('twice')
  const stop = player.on('replay', listen)
  player.on('replay', listen)

  await player.play(async () => {
    await text(`${origin.url}/json`)
    stop()
    stop()
    await text(`${origin.url}/json`)
  })

  expect(heard).toHaveLength(3)
})

test.each([
  [
    'throws',
    () => {
      throw new Error('of the listener')
    },
  ],
  ['rejects', () => Promise.reject(new Error('of the listener'))],
])('a listener that %s disturbs no request, and that is said', async (_how, listener) => {
  const { origin, player } = await recorded()
  const warnings = cassetteWarnings()
  player.on('replay', listener)
  player.on('record', listener)

  await player.play(async () => {
    expect(await text(`${origin.url}/json`)).toContain('octocat')
    expect(await text(`${origin.url}/counter`)).toBe('{"hit":1}')
  })

  await warningsTold()
  expect(warnings).toEqual([
    "[cassette] A listener of 'replay' threw: Error: of the listener",
    "[cassette] A listener of 'record' threw: Error: of the listener",
  ])
  expect(player.interactions).toHaveLength(3)
})

test('an unknown event is refused and the events are listed', () => {
  const player = new Player('cassette')
  // @ts-expect-error -- what a user without types would write
  expect(() => player.on('play', () => {})).toThrow(/'play'.*replay, record, miss/)
  // @ts-expect-error -- what a user without types would write
  expect(() => player.on('replay', undefined)).toThrow(OptionError)
})
