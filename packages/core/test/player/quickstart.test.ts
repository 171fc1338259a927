import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eject, insert, play, Player } from '../../src/index.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

// The quickstart of uber/cassette, line for line: these promises are older than this package.

async function get(url: string): Promise<string> {
  return (await fetch(url)).text()
}

test.each(['library.json', 'library.yaml', 'library.yml', 'library'])(
  'a request that is not stored in %s is made and stored; from then on it is answered without a call',
  async (name) => {
    const origin = await testOrigin()
    const path = join(tempDir(), name)

    await play(path, async () => {
      expect(await get(`${origin.url}/counter`)).toBe('{"hit":1}')
      expect(origin.hits).toBe(1)
      expect(await get(`${origin.url}/counter`)).toBe('{"hit":1}')
      expect(origin.hits).toBe(1)
    })
    await origin.close()

    await play(path, async () => {
      expect(await get(`${origin.url}/counter`)).toBe('{"hit":1}')
    })
    expect(origin.hits).toBe(1)
    expect(statSync(path).isDirectory()).toBe(name === 'library')
  },
)

test('a cassette is inserted and ejected by hand', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'by-hand.json')

  insert(path)
  await get(`${origin.url}/json`)
  await get(`${origin.url}/json`)
  await eject()

  expect(origin.hits).toBe(1)
  await get(`${origin.url}/json`)
  expect(origin.hits).toBe(2)
})

test('a directory with a YAML format holds one YAML file per interaction', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'library')

  await play(path, { fileFormat: 'yaml' }, async () => {
    await get(`${origin.url}/json`)
    await get(`${origin.url}/png`)
  })

  const files = readdirSync(path)
  expect(files).toHaveLength(2)
  expect(files.every((file) => file.endsWith('.yaml'))).toBe(true)
})

test('the report of a directory with two unused recordings gives exactly those two file names', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'library')
  await play(path, async () => {
    await get(`${origin.url}/json`)
    await get(`${origin.url}/png`)
    await get(`${origin.url}/counter`)
  })

  const player = new Player(path)
  await player.play(() => get(`${origin.url}/json`))
  let output = ''
  player.reportUnusedCassettes({ write: (text) => (output += text) })

  const unused = readdirSync(path)
    .filter((file) => /png|counter/.test(file))
    .toSorted()
  expect(unused).toHaveLength(2)
  expect(output).toBe(unused.join('\n'))
  for (const file of output.split('\n')) rmSync(join(path, file))
  await origin.close()
  expect(await new Player(path).play(() => get(`${origin.url}/json`))).toContain('octocat')
})

test('the report of a file cassette gives the names of its unused recordings', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'library.json')
  await play(path, async () => {
    await get(`${origin.url}/json`)
    await get(`${origin.url}/png`)
  })

  const player = new Player(path)
  await player.play(() => get(`${origin.url}/json`))

  const { unused, replayed } = player.report()
  expect(unused).toEqual([expect.stringMatching(/^http:GET 127\.0\.0\.1:\d+\/png [0-9a-f]{16}$/)])
  expect(replayed).toHaveLength(1)
})

test('a run that only replays writes nothing', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'library.json')
  await play(path, () => get(`${origin.url}/json`))
  const before = {
    text: readFileSync(path, 'utf8'),
    time: statSync(path, { bigint: true }).mtimeNs,
  }

  await play(path, () => get(`${origin.url}/json`))

  expect({
    text: readFileSync(path, 'utf8'),
    time: statSync(path, { bigint: true }).mtimeNs,
  }).toEqual(before)
})
