import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { play, Player } from '../../src/index.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

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
