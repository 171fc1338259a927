import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { jsonBody, play, type PlayerOptions } from '../../src/index.ts'
import { filesBelow } from '../support/files.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

const text = async (url: string, init?: RequestInit) => (await fetch(url, init)).text()

/** The next warning of this process that names a text. */
function warningAbout(named: string): Promise<string> {
  return new Promise((resolve) => {
    const listener = ({ message }: Error): void => {
      if (!message.includes(named)) return
      process.off('warning', listener)
      resolve(message)
    }
    process.on('warning', listener)
  })
}

describe.each(['cassette', 'cassette.json'])('%s', (fileName) => {
  const newPath = () => join(tempDir(), fileName)

  test('a changed matchOn finds what was recorded before it, and writes nothing', async () => {
    const origin = await testOrigin()
    const path = newPath()
    const send = (id: number) =>
      text(`${origin.url}/counter`, { method: 'POST', body: JSON.stringify({ id, a: 1 }) })
    const recorded = await play(path, () => send(1))
    await origin.close()

    const replay = nextRun(path)
    const before = filesBelow(dirname(replay))
    const options: PlayerOptions = {
      matchOn: ['method', 'url', 'headers', jsonBody({ ignore: ['/id'] })],
      recordMode: 'none',
    }
    expect(await play(replay, options, () => send(2))).toBe(recorded)
    expect(filesBelow(dirname(replay))).toEqual(before)
    expect(origin.hits).toBe(1)
  })

  test('recordings that get one name are played in the order they were recorded in', async () => {
    const origin = await testOrigin()
    const path = newPath()
    const ask = (order: string) => text(`${origin.url}/counter?order=${order}`)
    await play(path, async () => {
      for (const order of ['z', 'm', 'a']) {
        await ask(order)
        // A time in milliseconds has to tell them apart.
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    })
    await origin.close()

    const options: PlayerOptions = { matchOn: ['method', 'path'], allowPlaybackRepeats: false }
    const answers = await play(nextRun(path), options, async () => [
      await ask('1'),
      await ask('2'),
      await ask('3'),
    ])
    expect(answers).toEqual(['{"hit":1}', '{"hit":2}', '{"hit":3}'])
    expect(origin.hits).toBe(3)
  })

  test('a sequence that goes on under a changed matchOn replays from its start', async () => {
    const origin = await testOrigin()
    const path = newPath()
    const poll = () => text(`${origin.url}/counter`)
    await play(path, { allowPlaybackRepeats: false }, poll)

    const later = nextRun(path)
    const options: PlayerOptions = { matchOn: ['method', 'path'], allowPlaybackRepeats: false }
    const twice = async () => [await poll(), await poll()]
    expect(await play(later, options, twice)).toEqual(['{"hit":1}', '{"hit":2}'])
    await origin.close()

    const none: PlayerOptions = { ...options, recordMode: 'none' }
    expect(await play(nextRun(later), none, twice)).toEqual(['{"hit":1}', '{"hit":2}'])
    expect(origin.hits).toBe(2)
  })

  test('what cannot be named any more is a miss, and a warning names it', async () => {
    const origin = await testOrigin()
    const path = newPath()
    const ask = () => text(`${origin.url}/json`, { headers: { 'user-agent': 'one' } })
    await play(path, ask)

    const replay = nextRun(path)
    const warned = warningAbout(replay)
    const options: PlayerOptions = { matchHeaders: ['user-agent'], recordMode: 'none' }
    await expect(play(replay, options, ask)).rejects.toThrow('fetch failed')
    const warning = await warned
    expect(warning).toContain(`1 recording(s) in ${replay} were named by other matchers`)
    expect(warning).toContain('the request header user-agent')
    expect(origin.hits).toBe(1)
  })

  test('a header that is matched on is stored, and tells requests apart', async () => {
    const origin = await testOrigin()
    const path = newPath()
    const options: PlayerOptions = { matchHeaders: ['user-agent'] }
    const ask = (agent: string) =>
      text(`${origin.url}/counter`, { headers: { 'user-agent': agent } })
    const both = async () => [await ask('one'), await ask('other')]
    expect(await play(path, options, both)).toEqual(['{"hit":1}', '{"hit":2}'])
    await origin.close()

    expect(await play(nextRun(path), options, both)).toEqual(['{"hit":1}', '{"hit":2}'])
    expect(
      [...filesBelow(dirname(path)).values()].some(({ text: stored }) => stored.includes('other')),
    ).toBe(true)
  })
})

test('a matcher that throws fails the request, and names itself and the redacted URL', async () => {
  const origin = await testOrigin()
  const matcher = {
    name: 'tenant',
    key: () => {
      throw new Error('no tenant')
    },
  }
  const run = play(join(tempDir(), 'cassette'), { matchOn: ['method', matcher] }, () =>
    text(`${origin.url}/json?api_key=very-secret`),
  )
  await expect(run).rejects.toMatchObject({
    cause: {
      name: 'MatcherError',
      code: 'ERR_CASSETTE_MATCHER',
      message: expect.stringMatching(/'tenant' failed for GET .*api_key=\[REDACTED\].*no tenant/),
    },
  })
  expect(origin.hits).toBe(0)
})
