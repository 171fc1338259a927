import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { play, Player, UnhandledRequestError, type RecordMode } from '../../src/index.ts'
import { filesBelow } from '../support/files.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

afterEach(() => {
  delete process.env['CI']
  delete process.env['CASSETTE_MODE']
})

const text = async (url: string) => (await fetch(url)).text()

async function recorded(...paths: string[]) {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  await play(path, async () => {
    for (const each of paths) await text(origin.url + each)
  })
  return { origin, path, hits: origin.hits }
}

function fileOf(directory: string, part: string): string {
  const name = readdirSync(directory).find((file) => file.includes(part)) ?? ''
  return join(directory, name)
}

async function miss(run: Promise<unknown>): Promise<UnhandledRequestError> {
  const error: unknown = await run.then(
    () => undefined,
    (reason: Error) => reason.cause,
  )
  expect(error).toBeInstanceOf(UnhandledRequestError)
  return error as UnhandledRequestError
}

describe('new_episodes', () => {
  test('replays what is stored and records the rest', async () => {
    const { origin, path, hits } = await recorded('/json')

    await play(path, { recordMode: 'new_episodes' }, async () => {
      await text(`${origin.url}/json`)
      await text(`${origin.url}/png`)
    })

    expect(origin.hits).toBe(hits + 1)
    expect(readdirSync(path)).toHaveLength(2)
  })
})

describe('once', () => {
  const recordMode: RecordMode = 'once'

  test('records into a cassette that did not exist, and goes on at a second insert', async () => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')

    await play(path, { recordMode }, () => text(`${origin.url}/json`))
    await play(path, { recordMode }, () => text(`${origin.url}/png`))

    expect(origin.hits).toBe(2)
  })

  test('records into an empty cassette', async () => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')
    mkdirSync(path)

    await play(path, { recordMode }, () => text(`${origin.url}/json`))

    expect(readdirSync(path)).toHaveLength(1)
  })

  test.each(['cassette.json', 'cassette.yaml'])(
    'records into %s where it holds no interaction yet',
    async (name) => {
      const origin = await testOrigin()
      const path = join(tempDir(), name)
      writeFileSync(path, '{ "cassette": 1, "interactions": [] }')

      await play(path, { recordMode }, () => text(`${origin.url}/json`))
      await origin.close()

      expect(await play(nextRun(path), { recordMode }, () => text(`${origin.url}/json`))).toContain(
        'octocat',
      )
    },
  )

  test('records nothing into a directory that was filled by an earlier run', async () => {
    const { origin, path, hits } = await recorded('/json')

    await play(nextRun(path), { recordMode }, () => miss(text(`${origin.url}/png`)))

    expect(origin.hits).toBe(hits)
  })

  test('adds nothing to a cassette that existed', async () => {
    const { origin, hits } = await recorded()
    const path = join(tempDir(), 'cassette.json')
    writeFileSync(path, await fileWithOneInteraction(`${origin.url}/json`))

    await play(path, { recordMode }, async () => {
      const error = await miss(text(`${origin.url}/png`))
      expect(error.message).toContain('mode      once')
      expect(error.message).toContain('CASSETTE_MODE=new_episodes')
    })

    expect(origin.hits).toBe(hits + 1)
  })

  async function fileWithOneInteraction(url: string): Promise<string> {
    const path = join(tempDir(), 'other.json')
    await play(path, () => text(url))
    return readFileSync(path, 'utf8')
  }
})

describe('none', () => {
  test('replays, and refuses the rest without sending or writing anything', async () => {
    const { origin, path, hits } = await recorded('/json')

    await play(path, { recordMode: 'none' }, async () => {
      expect(await text(`${origin.url}/json`)).toContain('octocat')
      await miss(text(`${origin.url}/png`))
    })

    expect(origin.hits).toBe(hits)
    expect(readdirSync(path)).toHaveLength(1)
  })

  test('creates nothing', async () => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')

    await play(path, { recordMode: 'none' }, () => miss(text(`${origin.url}/json`)))

    expect(existsSync(path)).toBe(false)
  })

  test('is the default in CI', async () => {
    process.env['CI'] = 'true'

    expect(new Player(join(tempDir(), 'cassette')).recordMode).toBe('none')
  })
})

describe('all', () => {
  test('asks the origin every time and keeps what it did not touch', async () => {
    const { origin, path, hits } = await recorded('/counter', '/json')

    await play(path, { recordMode: 'all' }, async () => {
      expect(await text(`${origin.url}/counter`)).toBe('{"hit":2}')
    })
    expect(origin.hits).toBe(hits + 1)
    expect(readdirSync(path)).toHaveLength(2)
    await origin.close()

    await play(path, async () => {
      expect(await text(`${origin.url}/counter`)).toBe('{"hit":2}')
      expect(await text(`${origin.url}/json`)).toContain('octocat')
    })
  })

  test.each(['cassette', 'cassette.json', 'cassette.yaml'])(
    'leaves %s byte for byte where only headers differ that differ every time',
    async (name) => {
      const origin = await testOrigin()
      const path = join(tempDir(), name)
      await play(path, async () => {
        await text(`${origin.url}/json`)
        await text(`${origin.url}/events`)
      })
      const file = statSync(path).isDirectory() ? fileOf(path, '_json_') : path
      const old = readFileSync(file, 'utf8')
        .replaceAll(/"recordedAt": "[^"]*"|recordedAt: .*/g, (found) =>
          found.replace(/20\d\d/, '2020'),
        )
        .replaceAll(/\w{3}, \d\d \w{3} 20\d\d/g, 'Wed, 01 Jan 2020')
      expect(old).toContain('Wed, 01 Jan 2020')
      writeFileSync(file, old)
      const before = filesBelow(dirname(path))
      const hits = origin.hits

      await play(path, { recordMode: 'all' }, async () => {
        await text(`${origin.url}/json`)
        await text(`${origin.url}/events`)
      })

      expect(origin.hits).toBe(hits + 2)
      expect(filesBelow(dirname(path))).toEqual(before)
    },
  )

  test('rewrites what tells something else', async () => {
    const { path, origin } = await recorded('/counter')
    const before = filesBelow(path)

    await play(path, { recordMode: 'all' }, () => text(`${origin.url}/counter`))

    const after = filesBelow(path)
    expect([...after.keys()]).toEqual([...before.keys()])
    expect([...after.values()]).not.toEqual([...before.values()])
  })

  test('replaces a longer sequence as a whole', async () => {
    const { path, origin } = await recorded()
    const poll = (times: number) => async () => {
      for (let at = 0; at < times; at += 1) await text(`${origin.url}/counter`)
    }
    await play(path, { recordMode: 'all' }, poll(3))
    expect(readdirSync(path)).toHaveLength(3)

    await play(path, { recordMode: 'all' }, poll(1))

    expect(readdirSync(path)).toHaveLength(1)
  })

  test('records repeats as a sequence that ends with its last', async () => {
    const { origin, path } = await recorded('/counter')
    await play(path, { recordMode: 'all' }, async () => {
      await text(`${origin.url}/counter`)
      await text(`${origin.url}/counter`)
    })
    await origin.close()

    const answers = await play(path, async () => [
      await text(`${origin.url}/counter`),
      await text(`${origin.url}/counter`),
      await text(`${origin.url}/counter`),
    ])

    expect(answers).toEqual(['{"hit":2}', '{"hit":3}', '{"hit":3}'])
  })
})

test('CASSETTE_MODE overrides the option, and the option CI', () => {
  const path = join(tempDir(), 'cassette')
  process.env['CI'] = 'true'
  expect(new Player(path, { recordMode: 'once' }).recordMode).toBe('once')
  process.env['CASSETTE_MODE'] = 'all'
  expect(new Player(path, { recordMode: 'once' }).recordMode).toBe('all')
})

test('an unknown mode throws and lists the valid ones, wherever it comes from', () => {
  const path = join(tempDir(), 'cassette')
  const valid = 'Use one of new_episodes, once, none, all.'
  // @ts-expect-error -- what a user without types would write
  expect(() => new Player(path, { recordMode: 'record' })).toThrow(valid)
  process.env['CASSETTE_MODE'] = 'playback'
  expect(() => new Player(path)).toThrow(`Invalid CASSETTE_MODE: 'playback'. ${valid}`)
})
