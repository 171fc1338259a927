import http2 from 'node:http2'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { play } from '../../../src/index.ts'
import { missTexts } from '../../../src/player/miss/miss-texts.ts'
import { MissScene, post } from '../../support/miss-scene.ts'

const page = readFileSync(join(import.meta.dirname, '../../../../../docs/misses.md'), 'utf8')

afterEach(() => {
  delete process.env['CI']
  delete process.env['CASSETTE_MODE']
})

const get = async (url: string) => (await fetch(url)).text()
const nothing = async () => {}

const octocat = () => MissScene.record((url) => get(`${url}/customers/octocat`))

/** The messages of docs/misses.md by the heading they stand under. */
const messages: Readonly<Record<string, () => Promise<string>>> = {
  'What a miss looks like': async () => {
    const scene = await MissScene.record(async (url) => {
      await post(`${url}/orders?page=1`, { customer: 'octocat', items: [{ id: 7, count: 1 }] })
      await post(`${url}/orders?page=9`, [])
      await get(`${url}/customers/octocat`)
      await get(`${url}/json`)
    })
    return scene.message((url) =>
      post(
        `${url}/orders?page=2&api_key=a-secret`,
        { customer: 'octocat', items: [{ id: 7, count: 2 }] },
        { 'accept-language': 'de' },
      ),
    )
  },
  'It was never recorded': async () => {
    const scene = await octocat()
    process.env['CASSETTE_MODE'] = 'none'
    return scene.message((url) => get(`${url}/customers/hubot`), {})
  },
  'There is no cassette yet': async () => {
    const scene = await MissScene.record(nothing)
    process.env['CI'] = 'true'
    return scene.message((url) => get(`${url}/customers/octocat`), {})
  },
  'The cassette is empty': async () => {
    const scene = await MissScene.record(nothing)
    mkdirSync(scene.path)
    return scene.message((url) => get(`${url}/customers/octocat`))
  },
  'The mode is once': async () => {
    const scene = await octocat()
    return scene.message((url) => get(`${url}/customers/hubot`), { recordMode: 'once' })
  },
  'It was recorded elsewhere': async () => {
    const scene = await octocat()
    return scene.message(() => get('http://127.0.0.1:4999/customers/octocat'))
  },
  'Only generated fields differ': async () => {
    const order = (at: string, id: string) => ({ id, items: [{ sku: 7, createdAt: at }] })
    const scene = await MissScene.record((url) =>
      post(
        `${url}/orders?nonce=83`,
        order('2026-11-22T17:00:00Z', '018f3b1c-7a52-7c3e-9d41-2b6f5a0c8e17'),
      ),
    )
    return scene.message((url) =>
      post(
        `${url}/orders?nonce=84`,
        order('2026-11-23T09:30:00Z', '018f3b90-11d4-7e2a-8c05-6a1d9f3e7b42'),
      ),
    )
  },
  'Every recording of it was played': async () => {
    const poll = async (url: string) => {
      await get(`${url}/counter`)
      await get(`${url}/counter`)
    }
    const scene = await MissScene.record(poll, { allowPlaybackRepeats: false })
    const options = { allowPlaybackRepeats: false, recordMode: 'none' } as const
    return scene.message(async (url) => {
      await poll(url)
      await get(`${url}/counter`)
    }, options)
  },
  'Another test recorded it': async () => {
    const scene = await MissScene.record(
      async (url, player) => {
        player.currentTest = 'polls until it is done'
        await get(`${url}/counter`)
      },
      { allowPlaybackRepeats: false },
    )
    const options = { allowPlaybackRepeats: false, recordMode: 'none' } as const
    return scene.message(async (url, player) => {
      player.currentTest = 'gives up'
      await get(`${url}/counter`)
      await get(`${url}/counter`)
    }, options)
  },
  'It carries a placeholder': async () => {
    const scene = await MissScene.record((url) => get(`${url}/login`))
    return scene.message(
      async (url) => {
        const { access_token: token }: { access_token: string } = JSON.parse(
          await get(`${url}/login`),
        )
        await get(`${url}/orders?access_token=${token}`)
      },
      { recordMode: 'new_episodes' },
    )
  },
  'A hook left its recording out': async () => {
    const scene = await octocat()
    return scene.message((url) => get(`${url}/customers/octocat`), {
      recordMode: 'none',
      beforePlayback: () => null,
    })
  },
  'It is HTTP/2': async () => {
    const scene = await octocat()
    return scene.message(
      (url) =>
        new Promise((_resolve, reject) => {
          http2.connect(url).on('error', reject)
        }),
    )
  },
  'The recording is too old': async () => {
    const scene = await octocat()
    const [file = ''] = readdirSync(scene.path)
    const stored = readFileSync(join(scene.path, file), 'utf8')
    const old = new Date(Date.now() - 31 * 24 * 3600 * 1000 - 60_000).toISOString()
    const aged = stored.replace(/(?<="recordedAt": ")[^"]*/, old)
    writeFileSync(join(scene.path, file), aged)
    const options = { recordMode: 'none', maxAge: '30d', onExpired: 'fail' } as const
    return scene.message((url) => get(`${url}/customers/octocat`), options)
  },
  'The network is blocked': async () => {
    const scene = await octocat()
    return scene.message((url) => get(`${url}/customers/octocat`), {
      blockNetwork: true,
      ignoreHosts: ['127.0.0.1'],
    })
  },
  'It was made outside of every play': async () => {
    const scene = await octocat()
    const { promise, resolve } = Promise.withResolvers<void>()
    const playing = play(scene.path, () => promise)
    const error: unknown = await get('http://127.0.0.1:4000/customers/octocat').catch(
      (reason: Error) => reason.cause,
    )
    resolve()
    await playing
    return error instanceof Error ? error.message : ''
  },
  'The cassette cannot be read': async () => {
    const scene = await MissScene.record(nothing)
    mkdirSync(scene.path)
    const file = 'http_GET_127.0.0.1_4000_json_0123456789abcdef.json'
    writeFileSync(join(scene.path, file), '{ "cassette": 1, "name": ')
    return scene.message((url) => get(`${url}/json`))
  },
}

test.each(Object.entries(messages))('%s', async (heading, message) => {
  const section = page.split(/^##+ /m).find((text) => text.startsWith(`${heading}\n`)) ?? ''
  const [, documented] = /^```text\n(.*?)\n```$/ms.exec(section) ?? []

  const told = await message()
  expect(documented).toBe(told)
})

test.each([...Object.keys(missTexts), 'expired', 'network blocked', 'no player'])(
  'the reason %s is documented',
  (reason) => {
    expect(page).toContain(`\`reason: '${reason}'\``)
  },
)
