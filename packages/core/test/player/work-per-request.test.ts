import { rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { play, type Matcher } from '../../src/index.ts'
import { Replays, replayed } from '../../src/player/replay.ts'
import { filesBelow } from '../support/files.ts'
import { sampleInteraction } from '../support/interaction.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

const text = async (url: string) => (await fetch(url)).text()

async function recorded(cassette: string, count: number, matchOn?: readonly Matcher[]) {
  const origin = await testOrigin()
  const path = join(tempDir(), cassette)
  const urls = Array.from({ length: count }, (_, at) => `${origin.url}/json?${at}`)
  await play(path, matchOn === undefined ? {} : { matchOn }, async () => {
    for (const url of urls) await text(url)
  })
  await origin.close()
  return { path: nextRun(path), origin, urls }
}

test.each(['api.json', 'api.yaml', 'api'])(
  'a replayed request asks a matcher once, however much is stored in %s',
  async (cassette) => {
    let asked = 0
    const key: Matcher['key'] = ({ url }) => {
      asked += 1
      return url
    }
    const matchOn = [{ name: 'counted', key }]
    const { path, urls } = await recorded(cassette, 12, matchOn)
    asked = 0
    await play(path, { matchOn, recordMode: 'none' }, async () => {
      for (const url of [urls[3]!, urls[9]!, urls[3]!]) expect(await text(url)).toBeTruthy()
    })
    expect(asked).toBe(3)
  },
)

test('a request reads the file that answers it and no other, and reads it once', async () => {
  const { path, urls } = await recorded('api', 4)
  const fileWith = (query: string): string => {
    const found = [...filesBelow(path)].find(([, file]) => file.text.includes(`${query}"`))
    return join(path, found![0])
  }
  const [asked, broken] = [fileWith('?0'), fileWith('?3')]
  await play(path, { recordMode: 'none' }, async () => {
    const first = await text(urls[0]!)
    rmSync(asked)
    writeFileSync(broken, '{"cassette": 1')
    // The directory is listed once.
    writeFileSync(join(path, 'broken_0123456789abcdef.json'), '{"cassette": 1')
    expect(await text(urls[0]!)).toBe(first)
    expect(await text(urls[1]!)).toBe(first)
    await expect(text(urls[3]!)).rejects.toMatchObject({ cause: { code: 'ERR_CASSETTE_DECODE' } })
  })
})

test('a new recording touches no other file of a directory', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'api')
  await play(path, () => text(`${origin.url}/json?1`))
  const before = filesBelow(dirname(path))
  await play(path, () => text(`${origin.url}/json?2`))
  const after = filesBelow(dirname(path))
  expect(after.size).toBe(before.size + 1)
  for (const [name, file] of before) expect(after.get(name)).toEqual(file)
})

test('what an interaction answers is put together once, and anew for another method', () => {
  const interaction = sampleInteraction({ body: { json: { a: 1 } } })
  const replays = new Replays()
  const outcome = replays.of(interaction, 'GET')
  expect(replays.of(interaction, 'GET')).toBe(outcome)
  expect(replays.of(interaction, 'HEAD')).not.toBe(outcome)
  expect(replays.of({ ...interaction }, 'GET')).toEqual(outcome)
})

test('of very many small answers only the last are kept', () => {
  const replays = new Replays()
  const first = sampleInteraction({ body: { text: 'four' } })
  const outcome = replays.of(first, 'GET')
  for (let count = 0; count < 1000; count += 1) replays.of({ ...first }, 'GET')
  expect(replays.of(first, 'GET')).toBe(outcome)
  for (let count = 0; count < 40_000; count += 1) replays.of({ ...first }, 'GET')
  expect(replays.of(first, 'GET')).not.toBe(outcome)
})

test('headers that are right already are those of the interaction', () => {
  const sample = sampleInteraction({ body: { text: 'four' } })
  const withLength = (length: string) => ({
    ...sample,
    response: { ...sample.response!, headers: [['Content-Length', length] as const] },
  })
  const right = withLength('4')
  expect(replayed(right, 'GET').response?.headers).toBe(right.response.headers)
  expect(replayed(withLength('9'), 'GET').response?.headers).toEqual([['Content-Length', '4']])
  expect(replayed(withLength('9'), 'HEAD').response).toMatchObject({
    headers: [['Content-Length', '9']],
    chunks: [],
  })
})

test('a large body is not kept a second time', () => {
  const large = sampleInteraction({ body: { text: 'x'.repeat(2 * 1024 * 1024) } })
  const chunks = replayed(large, 'GET').response?.chunks ?? []
  expect(chunks).toHaveLength(8)
  expect(chunks[0]!.bytes).not.toBe(chunks[0]!.bytes)
})
