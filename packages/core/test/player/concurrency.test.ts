import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eject, insert, passthrough, play, Player } from '../../src/index.ts'
import { httpRequest } from '../support/http-request.ts'
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
