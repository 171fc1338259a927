import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { OptionError, play, Player, type PlayerOptions } from '../../src/index.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'
import { cassetteWarnings, warningsTold } from '../support/warnings.ts'

afterEach(() => {
  delete process.env['CI']
  vi.useRealTimers()
})

const text = async (url: string) => (await fetch(url)).text()
const day = 24 * 3600 * 1000

function makeOlder(path: string, days: number): void {
  for (const file of readdirSync(path)) {
    const place = join(path, file)
    const then = new Date(Date.now() - days * day).toISOString()
    const stored = readFileSync(place, 'utf8').replace(/(?<="recordedAt": ")[^"]+/, then)
    writeFileSync(place, stored)
  }
}

/** A cassette with `/counter`, recorded some days ago, as a later run meets it. */
async function recorded(days: number, requests = 1) {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  await play(path, { allowPlaybackRepeats: false }, async () => {
    for (let at = 0; at < requests; at += 1) await text(`${origin.url}/counter`)
  })
  makeOlder(path, days)
  return { origin, path: nextRun(path), url: `${origin.url}/counter` }
}

test('a recording that is not too old answers without a word', async () => {
  const { path, url } = await recorded(29)
  const warnings = cassetteWarnings()

  expect(await play(path, { maxAge: '30d', onExpired: 'fail' }, () => text(url))).toBe('{"hit":1}')

  await warningsTold()
  expect(warnings).toEqual([])
})

test('one that is too old answers with a warning, once for each cassette', async () => {
  const { path, url, origin } = await recorded(31)
  const warnings = cassetteWarnings()

  await play(path, { maxAge: '30d' }, async () => {
    expect(await text(url)).toBe('{"hit":1}')
    expect(await text(url)).toBe('{"hit":1}')
  })
  await play(path, { maxAge: '30d' }, () => text(url))

  await warningsTold()
  expect(origin.hits).toBe(1)
  expect(warnings).toHaveLength(1)
  const [file = ''] = readdirSync(path)
  for (const part of [join(path, file), '31 days old', '30d', 'CASSETTE_MODE=all']) {
    expect(warnings[0]).toContain(part)
  }
})

test('fail fails the request with the file, its age and the command', async () => {
  const { path, url, origin } = await recorded(31)

  await play(path, { maxAge: '4w', onExpired: 'fail' }, async () => {
    const { cause } = (await text(url).catch((error: unknown) => error)) as { cause: Error }
    expect(cause).toMatchObject({ name: 'UnhandledRequestError', path })
    const [file = ''] = readdirSync(path)
    for (const part of [join(path, file), '31 days old', '4w', 'CASSETTE_MODE=all']) {
      expect(cause.message).toContain(part)
    }
  })

  expect(origin.hits).toBe(1)
})

describe('record', () => {
  const options: PlayerOptions = { maxAge: '30d', onExpired: 'record' }

  test.each(['new_episodes', 'once'] as const)(
    'records anew in the mode %s, once',
    async (recordMode) => {
      const { path, url, origin } = await recorded(31)

      await play(path, { ...options, recordMode }, async () => {
        expect(await text(url)).toBe('{"hit":2}')
        expect(await text(url)).toBe('{"hit":2}')
      })
      await origin.close()

      expect(readdirSync(path)).toHaveLength(1)
      const later = nextRun(path)
      expect(await play(later, { ...options, recordMode: 'none' }, () => text(url))).toBe(
        '{"hit":2}',
      )
    },
  )

  test('leaves the rest of an existing cassette to the mode once', async () => {
    const { path, origin } = await recorded(31)

    await play(path, { ...options, recordMode: 'once' }, async () => {
      await expect(text(`${origin.url}/json`)).rejects.toThrow('fetch failed')
    })

    expect(origin.hits).toBe(1)
  })

  test.each(['new_episodes', 'once'] as const)(
    'replaces a sequence as a whole in the mode %s',
    async (recordMode) => {
      const { path, url } = await recorded(31, 3)

      await play(path, { ...options, recordMode, allowPlaybackRepeats: false }, async () => {
        expect([await text(url), await text(url)]).toEqual(['{"hit":4}', '{"hit":5}'])
      })

      expect(readdirSync(path)).toHaveLength(2)
    },
  )

  test('keeps the old recording where the origin is gone', async () => {
    const { path, url, origin } = await recorded(31)
    await origin.close()

    await play(path, { ...options, recordErrors: true }, async () => {
      await expect(text(url)).rejects.toThrow('fetch failed')
    })

    expect(await play(nextRun(path), () => text(url))).toBe('{"hit":1}')
  })

  test.each([
    ['in the mode none', { recordMode: 'none' }, ''],
    ['in CI, whatever the mode', { recordMode: 'new_episodes' }, 'true'],
  ] as const)('warns and sends nothing %s', async (_where, mode, ci) => {
    const { path, url, origin } = await recorded(31)
    const warnings = cassetteWarnings()
    process.env['CI'] = ci

    expect(await play(path, { ...options, ...mode }, () => text(url))).toBe('{"hit":1}')

    await warningsTold()
    expect(origin.hits).toBe(1)
    expect(warnings).toHaveLength(1)
  })
})

test('mode all renews an old recording though it tells the same', async () => {
  const { path, origin } = await recorded(0)
  await play(path, () => text(`${origin.url}/json`))
  makeOlder(path, 31)
  const later = nextRun(path)

  await play(later, { recordMode: 'all', maxAge: '30d' }, () => text(`${origin.url}/json`))

  const age = (file: string) =>
    Date.now() - Date.parse(JSON.parse(readFileSync(join(later, file), 'utf8')).recordedAt)
  const isOld = Object.fromEntries(
    readdirSync(later).map((file) => [file.includes('_json_') ? 'json' : 'rest', age(file) > day]),
  )
  expect(isOld).toEqual({ json: false, rest: true })
})

test('a fake clock makes no recording older or younger', async () => {
  const { path, url } = await recorded(0)
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 400 * day })
  const player = new Player(path, { maxAge: '30d', onExpired: 'fail' })

  await player.play(async () => {
    expect(await text(url)).toBe('{"hit":1}')
    await text(`${url}?fresh`)
  })

  for (const { recordedAt } of player.interactions) {
    expect(Date.parse(recordedAt)).toBeLessThan(Date.now() - 300 * day)
  }
})

test.each(['30', '30 days', '1.5d', '-1d', '0d', 'd', '', '30D', '1mo'])(
  'the duration %j is refused with examples',
  (maxAge) => {
    expect(() => new Player('cassette', { maxAge })).toThrow(OptionError)
    expect(() => new Player('cassette', { maxAge })).toThrow("'30d'")
  },
)

test('an unknown reaction is refused and the valid ones are listed', () => {
  // @ts-expect-error -- what a user without types would write
  expect(() => new Player('cassette', { onExpired: 'ignore' })).toThrow(
    /'ignore'.*warn, fail, record/,
  )
})
