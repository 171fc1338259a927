import http from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { play, Player } from '../../src/index.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

/** Reads a stream until it has seen a text, then lets go, as SDKs do at their last event. */
async function readUntil(url: string, wanted: string): Promise<string> {
  const response = await fetch(url)
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString()
    if (text.includes(wanted)) break
  }
  return text
}

test('a stream that its client leaves at an event is recorded that far and replays', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const read = () => readUntil(`${origin.url}/events`, 'two')

  const recorded = await play(path, read)
  await origin.close()

  expect(recorded).toBe('data: one\n\ndata: two\n\n')
  expect(await play(nextRun(path), { recordMode: 'none' }, read)).toBe(recorded)
})

test('an event stream that node:http destroys is recorded that far and replays', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const read = () =>
    new Promise<string>((resolve, reject) => {
      http
        .get(`${origin.url}/events`, (response) => {
          response.once('data', (chunk: Buffer) => {
            response.destroy()
            resolve(chunk.toString())
          })
        })
        .on('error', reject)
    })

  const recorded = await play(path, read)
  await origin.close()

  expect(recorded).toBe('data: one\n\n')
  expect(await play(nextRun(path), { recordMode: 'none' }, read)).toBe(recorded)
})

test('reading on where the recording was broken off is an error, not a silent end', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  await play(path, () => readUntil(`${origin.url}/events`, 'two'))

  const more = play(nextRun(path), { recordMode: 'none' }, () =>
    readUntil(`${origin.url}/events`, 'three'),
  )

  await expect(more).rejects.toThrow('terminated')
})

test('a request that is repeated for what its client left is recorded as the next of a sequence', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const read = async () => [
    await readUntil(`${origin.url}/events`, 'one'),
    await readUntil(`${origin.url}/events`, 'three'),
    await readUntil(`${origin.url}/events`, 'three'),
  ]

  const recorded = await play(path, read)
  await origin.close()

  expect(recorded[1]).toContain('three')
  expect(await play(nextRun(path), { recordMode: 'none' }, read)).toEqual(recorded)
})

test('a response whose head was enough for its client is recorded', async () => {
  const origin = await testOrigin()
  const player = new Player(join(tempDir(), 'cassette'))

  await player.play(async () => {
    const controller = new AbortController()
    const response = await fetch(`${origin.url}/events`, { signal: controller.signal })
    controller.abort()
    expect(response.status).toBe(200)
  })

  expect(player.report().recorded).toHaveLength(1)
})

test('a body that the server cuts is an error of its own and is not recorded', async () => {
  const origin = await testOrigin()
  const player = new Player(join(tempDir(), 'cassette'))

  await player.play(async () => {
    const response = await fetch(`${origin.url}/cut`)
    await expect(response.text()).rejects.toThrow('terminated')
  })

  expect(player.report().recorded).toEqual([])
})
