import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import axios from 'axios'
import got from 'got'
import { APIConnectionError, APIConnectionTimeoutError, OpenAI } from 'openai'
import { describe, expect, test } from 'vitest'
import { fetch as undiciFetch, request as undiciRequest } from 'undici'
import { CassetteDecodeError, play, Player, UnhandledRequestError } from '../../src/index.ts'
import { httpRequest } from '../support/http-request.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

// What each client would say by itself differs, and so would the messages.
const headers = { accept: 'application/json' }

const clients: Readonly<Record<string, (url: string) => Promise<unknown>>> = {
  'node:http': (url) => httpRequest(url, { headers }),
  fetch: (url) => fetch(url, { headers }),
  'undici.request': (url) => undiciRequest(url, { headers }),
  'undici.fetch': (url) => undiciFetch(url, { headers }),
  axios: (url) => axios.get(url, { headers }),
  got: (url) => got(url, { headers, retry: { limit: 2 } }),
  openai: (url) =>
    new OpenAI({ apiKey: 'sk-test', baseURL: new URL(url).origin, maxRetries: 0 }).get(
      new URL(url).pathname,
      { headers },
    ),
}

async function failure(run: Promise<unknown>): Promise<unknown> {
  return run.then(
    () => undefined,
    (reason: unknown) => reason,
  )
}

/** The errors that an error wraps, the outermost first. */
function causes(error: unknown): readonly Error[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : []
}

async function recorded(): Promise<{ url: string; path: string }> {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  await play(path, () => httpRequest(`${origin.url}/json`, { headers }))
  await origin.close()
  return { url: origin.url, path }
}

describe.each(Object.entries(clients))('%s', (_name, client) => {
  test('fails with the very miss, and the message is that of node:http', async () => {
    const { url, path } = await recorded()
    const { message: expected } = await play(path, { recordMode: 'none' }, async () => {
      const error = await failure(httpRequest(`${url}/other`, { headers }))
      return error as Error
    })
    const player = new Player(path, { recordMode: 'none' })

    const error = await player.play(() => failure(client(`${url}/other`)))

    const misses = causes(error).filter((one) => one instanceof UnhandledRequestError)
    expect(misses.map(({ message }) => message)).toEqual([expected])
    expect(player.takeFailures().map(({ message }) => message)).toEqual([expected])
  })

  test('fails with the same words where the cassette cannot be read', async () => {
    const { url } = await testOrigin()
    const path = join(tempDir(), 'broken.json')
    writeFileSync(path, '{ "cassette": 1, "interactions": [')
    const player = new Player(path, { recordMode: 'none' })

    const error = await player.play(() => failure(client(`${url}/json`)))

    const [failed] = player.takeFailures()
    expect(failed).toBeInstanceOf(CassetteDecodeError)
    expect(causes(error).map(({ message }) => message)).toContain(failed?.message)
  })
})

test('a client that tries again fails each time, and the miss counts once', async () => {
  const { url, path } = await recorded()
  const player = new Player(path, { recordMode: 'none' })
  let attempts = 0
  const client = new OpenAI({
    apiKey: 'sk-test',
    baseURL: url,
    maxRetries: 2,
    fetch: async (input, init) => {
      attempts += 1
      return fetch(input, init)
    },
  })

  const error = await player.play(() =>
    failure(client.chat.completions.create({ model: 'm', messages: [] })),
  )

  expect(attempts).toBe(3)
  expect(causes(error).at(-1)).toBeInstanceOf(UnhandledRequestError)
  expect(player.takeFailures()).toHaveLength(1)
  expect(player.report().unhandled).toEqual([`POST ${url}/chat/completions`])
})

test('the OpenAI SDK takes no miss for a timeout, whatever its message holds', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const ask = (content: string) =>
    new OpenAI({ apiKey: 'sk-test', baseURL: origin.url, maxRetries: 0 }).post('/echo', {
      body: { messages: [{ role: 'user', content }] },
    })
  await play(path, () => ask('What is a timeout?'))
  await origin.close()

  const error = await play(path, { recordMode: 'none' }, () => failure(ask('What is time out?')))

  expect(error).toBeInstanceOf(APIConnectionError)
  expect(error).not.toBeInstanceOf(APIConnectionTimeoutError)
  expect(causes(error).at(-1)?.message).toMatch(/- .*a timeout\?.*\n.*\+ .*time out\?/)
})

test('the same miss of another test, or of another attempt at it, counts again', async () => {
  const { url, path } = await recorded()
  const player = new Player(path, { recordMode: 'none' })
  const missTwice = async (name: string) => {
    player.currentTest = name
    await failure(httpRequest(`${url}/other`))
    await failure(httpRequest(`${url}/other`))
    return player.takeFailures().length
  }

  await player.play(async () => {
    expect(await missTwice('one')).toBe(1)
    expect(await missTwice('other')).toBe(1)
    expect(await missTwice('other')).toBe(0)
    player.forgetAttempt('other')
    expect(await missTwice('other')).toBe(1)
  })

  expect(player.report().unhandled).toEqual([`GET ${url}/other`])
})
