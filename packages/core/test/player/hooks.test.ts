import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  HookError,
  play,
  Player,
  UnhandledRequestError,
  type Interaction,
  type InteractionHook,
  type PlayerOptions,
  type RecordedBody,
  type RecordedResponse,
} from '../../src/index.ts'
import { httpRequest } from '../support/http-request.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

const text = async (url: string) => (await fetch(url)).text()

function responseOf({ response }: Interaction): RecordedResponse {
  if (response === undefined) throw new Error('A network error, and not the response of the test.')
  return response
}

function withBody(interaction: Interaction, body: string): Interaction {
  return { ...interaction, response: { ...responseOf(interaction), body: { text: body } } }
}

function stored(path: string): Interaction[] {
  return readdirSync(path).map((file) => JSON.parse(readFileSync(join(path, file), 'utf8')))
}

async function failureOf(run: Promise<unknown>): Promise<Error> {
  const error: unknown = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(Error)
  const { cause } = error as Error
  return cause instanceof Error && !(error instanceof HookError) ? cause : (error as Error)
}

// What a hook must not do, and what is said of it.
const mistakes: [string, unknown, string][] = [
  [
    'throws',
    () => {
      throw new Error('of the user')
    },
    'it threw: of the user',
  ],
  ['rejects', () => Promise.reject(new Error('of the user')), 'it threw: of the user'],
  ['returns nothing', () => undefined, '`interaction` must be an object'],
  ['returns a text', () => 'interaction', '`interaction` must be an object'],
  [
    'returns half an interaction',
    (interaction: Interaction) => ({ ...interaction, response: {} }),
    '`interaction.response.status` is missing',
  ],
  [
    'returns a status that is none',
    (one: Interaction) => ({ ...one, response: { ...one.response, status: 'ok' } }),
    '`interaction.response.status`',
  ],
  [
    'returns a function',
    (one: Interaction) => ({ ...one, response: { ...one.response, body: { json: () => 1 } } }),
    'could not be cloned',
  ],
  ['changes the name', (one: Interaction) => ({ ...one, name: `x ${one.name}` }), 'changed `name`'],
  ['changes the test', (one: Interaction) => ({ ...one, test: 'other' }), 'changed `test`'],
]

describe('beforeRecord', () => {
  test('decides what is stored, and the live response stays as it is', async () => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')
    const beforeRecord: InteractionHook = (interaction) => withBody(interaction, 'changed')

    expect(await play(path, { beforeRecord }, () => text(`${origin.url}/counter`))).toBe(
      '{"hit":1}',
    )
    await origin.close()

    const later = nextRun(path)
    expect(await play(later, () => text(`${origin.url}/counter`))).toBe('changed')
  })

  test('a repeat in the recording run sees what the next run will see', async () => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')
    const beforeRecord: InteractionHook = (interaction) => withBody(interaction, 'changed')

    const answers = await play(path, { beforeRecord }, async () => [
      await text(`${origin.url}/counter`),
      await text(`${origin.url}/counter`),
    ])

    expect(answers).toEqual(['{"hit":1}', 'changed'])
    expect(origin.hits).toBe(1)
  })

  test('a repeat keeps the secrets of a body that the hook left alone, with the headers it changed', async () => {
    const origin = await testOrigin()
    const beforeRecord: InteractionHook = (interaction) => {
      const { headers, ...response } = responseOf(interaction)
      const changed = headers.filter(([name]) => name !== 'Date')
      return {
        ...interaction,
        response: { ...response, headers: [...changed, ['X-Hook', 'was here']] },
      }
    }

    await play(join(tempDir(), 'cassette'), { beforeRecord }, async () => {
      await text(`${origin.url}/login`)
      const repeat = await fetch(`${origin.url}/login`)
      expect(repeat.headers.get('x-hook')).toBe('was here')
      expect(repeat.headers.has('date')).toBe(false)
      expect(await repeat.json()).toMatchObject({ access_token: 'live-access-token-value' })
    })
  })

  test('a repeat keeps the secret headers of a response whose body the hook changed', async () => {
    const origin = await testOrigin()
    const beforeRecord: InteractionHook = (interaction) => withBody(interaction, 'changed')

    await play(join(tempDir(), 'cassette'), { beforeRecord }, async () => {
      await text(`${origin.url}/cookies`)
      const repeat = await fetch(`${origin.url}/cookies`)
      expect(repeat.headers.getSetCookie().join()).toContain('s3cr3t-s3ss10n')
      expect(await repeat.text()).toBe('changed')
    })
  })

  test('a repeat has no headers that a function redact left out, beside those that a hook changed', async () => {
    const origin = await testOrigin()
    const options: PlayerOptions = {
      redact: ({ request, response }) => {
        if (response === undefined) return { request }
        const headers = response.headers.filter(([name]) => name !== 'Content-Type')
        return { request, response: { ...response, headers } }
      },
      beforeRecord: (interaction) => {
        const response = responseOf(interaction)
        const headers = [...response.headers, ['X-Hook', 'was here'] as const]
        return { ...interaction, response: { ...response, headers } }
      },
    }

    await play(join(tempDir(), 'cassette'), options, async () => {
      await text(`${origin.url}/cookies`)
      const { headers } = await fetch(`${origin.url}/cookies`)
      expect([...headers.keys()]).toEqual(expect.arrayContaining(['date', 'x-hook']))
      expect(headers.has('content-type')).toBe(false)
      expect(headers.getSetCookie().join()).toContain('s3cr3t-s3ss10n')
    })
  })

  test('sees a redacted copy of its own', async () => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')
    let seen: Interaction | undefined
    const beforeRecord: InteractionHook = (interaction) => {
      seen = interaction
      return interaction
    }

    const player = new Player(path, { beforeRecord })
    await player.play(() =>
      fetch(`${origin.url}/login?api_key=live-key`, { headers: { Authorization: 'Bearer live' } }),
    )

    expect(seen).toEqual(player.interactions[0])
    expect(seen).not.toBe(player.interactions[0])
    expect(JSON.stringify(seen)).not.toMatch(/live-|Bearer live/)
  })

  test('may change its copy, and what it keeps of it changes nothing later', async () => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')
    let kept: { status: number } | undefined
    const { promise: isAsked, resolve: asked } = Promise.withResolvers<void>()
    const beforeRecord: InteractionHook = (interaction) => {
      kept = responseOf(interaction)
      kept.status = 418
      asked()
      return interaction
    }

    const player = new Player(path, { beforeRecord })
    await player.play(async () => {
      expect((await fetch(`${origin.url}/json`)).status).toBe(200)
      await isAsked
      await new Promise((resolve) => setImmediate(resolve))
      kept!.status = 500
    })

    expect(stored(path).map((interaction) => responseOf(interaction).status)).toEqual([418])
  })

  test('null stores nothing: every request is made again', async () => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')

    await play(path, { beforeRecord: async () => null }, async () => {
      expect(await text(`${origin.url}/counter`)).toBe('{"hit":1}')
      expect(await text(`${origin.url}/counter`)).toBe('{"hit":2}')
    })

    expect(existsSync(path)).toBe(false)
  })

  test('null leaves an old recording where it is, in the mode all', async () => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')
    await play(path, () => text(`${origin.url}/counter`))

    await play(path, { recordMode: 'all', beforeRecord: () => null }, () =>
      text(`${origin.url}/counter`),
    )

    expect(await play(nextRun(path), () => text(`${origin.url}/counter`))).toBe('{"hit":1}')
  })

  test('the name stays that of the request as it was made', async () => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')
    const beforeRecord: InteractionHook = ({ request, ...rest }) => ({
      ...rest,
      request: { ...request, url: 'https://elsewhere.example/' },
    })
    await play(path, { beforeRecord }, () => text(`${origin.url}/counter`))
    await origin.close()

    expect(stored(path)[0]?.request.url).toBe('https://elsewhere.example/')
    const later = nextRun(path)
    expect(await play(later, () => text(`${origin.url}/counter`))).toBe('{"hit":1}')
  })

  test('a slow hook does not change the order of a sequence', async () => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')
    let calls = 0
    const { promise: second, resolve: sawSecond } = Promise.withResolvers<void>()
    const beforeRecord: InteractionHook = async (interaction) => {
      calls += 1
      if (calls === 1) await second
      else sawSecond()
      return interaction
    }
    const options = { allowPlaybackRepeats: false }
    const poll = async () => [
      await text(`${origin.url}/counter`),
      await text(`${origin.url}/counter`),
    ]

    expect(await play(path, { ...options, beforeRecord }, poll)).toEqual(['{"hit":1}', '{"hit":2}'])

    const later = nextRun(path)
    expect(await play(later, { ...options, recordMode: 'none' }, poll)).toEqual([
      '{"hit":1}',
      '{"hit":2}',
    ])
  })

  test.each(mistakes)(
    'one that %s fails the play though the request was answered, and stores nothing',
    async (_what, beforeRecord, problem) => {
      const origin = await testOrigin()
      const path = join(tempDir(), 'cassette')
      let answer: string | undefined

      const failure = await failureOf(
        play(path, { beforeRecord: beforeRecord as InteractionHook }, async () => {
          answer = await text(`${origin.url}/json?token=live-token`)
        }),
      )

      expect(answer).toContain('octocat')
      expect(failure).toBeInstanceOf(HookError)
      expect(failure.message).toContain(
        `The hook beforeRecord failed for GET ${origin.url}/json?token=[REDACTED]: `,
      )
      expect(failure.message).toContain(problem)
      expect(existsSync(path)).toBe(false)
    },
  )

  test('what others recorded is saved though one hook failed', async () => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')
    const beforeRecord: InteractionHook = (interaction) => {
      if (interaction.request.url.endsWith('/png')) throw new Error('of the user')
      return interaction
    }

    const outcome = play(path, { beforeRecord }, async () => {
      await text(`${origin.url}/png`)
      await text(`${origin.url}/json`)
    })

    await expect(outcome).rejects.toThrow(HookError)
    expect(stored(path).map(({ request }) => request.url)).toEqual([`${origin.url}/json`])
  })

  test('in a runner it fails the test, and not the ejection as well', async () => {
    const origin = await testOrigin()
    const beforeRecord = () => {
      throw new Error('of the user')
    }
    const player = new Player(join(tempDir(), 'cassette'), { beforeRecord }).insert()

    await text(`${origin.url}/json`)
    await player.settle()
    expect(player.takeFailures()).toMatchObject([{ name: 'HookError' }])

    await player.eject()
  })
})

describe('beforePlayback', () => {
  /** A cassette with `/counter`, as a later run meets it. */
  async function recorded() {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')
    await play(path, () => text(`${origin.url}/counter`))
    return { origin, path: nextRun(path), url: `${origin.url}/counter` }
  }

  test('decides what answers, and the cassette stays as it is', async () => {
    const { path, url } = await recorded()
    const before = stored(path)
    const beforePlayback: InteractionHook = async (interaction) => withBody(interaction, 'changed')

    expect(await play(path, { beforePlayback }, () => text(url))).toBe('changed')

    expect(stored(path)).toEqual(before)
  })

  test('a changed body has the right length', async () => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')
    await play(path, () => text(`${origin.url}/length`))
    const beforePlayback: InteractionHook = (interaction) => withBody(interaction, 'four')

    const { headers } = await play(nextRun(path), { beforePlayback }, () =>
      fetch(`${origin.url}/length`),
    )

    expect(headers.get('content-length')).toBe('4')
  })

  test('may take a body away, whatever length was told', async () => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')
    const beforeRecord: InteractionHook = (interaction) => {
      const { body: _, ...response } = responseOf(interaction)
      return { ...interaction, response }
    }
    await play(path, { beforeRecord }, () => text(`${origin.url}/length`))

    const replayed = await play(nextRun(path), () => httpRequest(`${origin.url}/length`))

    expect(String(replayed.body)).toBe('')
  })

  test('may tell another status, one without a body too', async () => {
    const { path, url } = await recorded()
    const beforePlayback: InteractionHook = (interaction) => ({
      ...interaction,
      response: { ...responseOf(interaction), status: 204 },
    })

    const replayed = await play(path, { beforePlayback }, () => httpRequest(url))

    expect(replayed).toMatchObject({ status: 204, body: Buffer.alloc(0) })
  })

  test('may leave nothing of a chunk, or of a whole body', async () => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')
    const url = `${origin.url}/events`
    const viaHttp = async () => String((await httpRequest(url)).body)
    await play(path, () => text(url))
    await origin.close()
    const answers = async (body: RecordedBody) => {
      const beforePlayback: InteractionHook = (interaction) => ({
        ...interaction,
        response: { ...responseOf(interaction), body },
      })
      // Node makes the first call of `fetch`.
      return play(nextRun(path), { beforePlayback, recordMode: 'none' }, async () => [
        await viaHttp(),
        await viaHttp(),
        await text(url),
        await text(url),
      ])
    }
    const chunks = ['a', '', 'b', ''].map((part) => ({ afterMs: 0, text: part }))

    expect(await answers({ chunks })).toEqual(['ab', 'ab', 'ab', 'ab'])
    expect(await answers({ text: '' })).toEqual(['', '', '', ''])
  })

  test('sees what is stored and never a live response, not even in the recording run', async () => {
    const origin = await testOrigin()
    const seen: Interaction[] = []
    const beforePlayback: InteractionHook = (interaction) => {
      seen.push(interaction)
      return interaction
    }

    await play(join(tempDir(), 'cassette'), { beforePlayback }, async () => {
      await text(`${origin.url}/login`)
      expect(seen).toEqual([])
      expect(await text(`${origin.url}/login`)).toContain('live-access-token-value')
    })

    expect(JSON.stringify(seen)).toContain('[REDACTED]')
    expect(JSON.stringify(seen)).not.toContain('live-access-token-value')
  })

  test.each(['new_episodes', 'all'] as const)(
    'null goes on as if nothing were stored: in %s the request is made, and recorded in its place',
    async (recordMode) => {
      const { path, url } = await recorded()

      await play(path, { recordMode, beforePlayback: () => null }, () => text(url))

      expect(stored(path)).toHaveLength(1)
      expect(await play(nextRun(path), () => text(url))).toBe('{"hit":2}')
    },
  )

  test('null in the recording run makes the request again, and the last answer is kept', async () => {
    const origin = await testOrigin()
    const player = new Player(join(tempDir(), 'cassette'), { beforePlayback: () => null })

    await player.play(async () => {
      expect(await text(`${origin.url}/counter`)).toBe('{"hit":1}')
      expect(await text(`${origin.url}/counter`)).toBe('{"hit":2}')
    })

    expect(player.report()).toMatchObject({ recorded: [expect.any(String)], unused: [] })
    expect(stored(player.path)).toMatchObject([{ response: { body: { json: { hit: 2 } } } }])
  })

  test('null takes one place of a sequence', async () => {
    const origin = await testOrigin()
    const path = join(tempDir(), 'cassette')
    const options: PlayerOptions = { allowPlaybackRepeats: false }
    const poll = async () => [
      await text(`${origin.url}/counter`),
      await text(`${origin.url}/counter`),
      await text(`${origin.url}/counter`),
    ]
    await play(path, options, poll)
    const later = nextRun(path)
    const beforePlayback: InteractionHook = (one) => (one.index === 1 ? null : one)

    expect(await play(later, { ...options, beforePlayback }, poll)).toEqual([
      '{"hit":1}',
      '{"hit":4}',
      '{"hit":3}',
    ])

    expect(await play(nextRun(later), { ...options, recordMode: 'none' }, poll)).toEqual([
      '{"hit":1}',
      '{"hit":4}',
      '{"hit":3}',
    ])
  })

  test.each(['none', 'once'] as const)(
    'null is a miss in the mode %s, and says so',
    async (recordMode) => {
      const { path, url, origin } = await recorded()

      await play(path, { recordMode, beforePlayback: () => null }, async () => {
        const failure = await failureOf(text(url))
        expect(failure).toBeInstanceOf(UnhandledRequestError)
        expect(failure.message).toContain('beforePlayback returned null')
      })

      expect(origin.hits).toBe(1)
    },
  )

  test.each(mistakes)('one that %s fails its request', async (_what, beforePlayback, problem) => {
    const { path, url, origin } = await recorded()
    const player = new Player(path, { beforePlayback: beforePlayback as InteractionHook })

    await player.play(async () => {
      const failure = await failureOf(text(url))
      expect(failure).toBeInstanceOf(HookError)
      expect(failure.message).toContain(`The hook beforePlayback failed for GET ${url}: `)
      expect(failure.message).toContain(problem)
    })

    expect(origin.hits).toBe(1)
    expect(player.takeFailures()).toHaveLength(1)
  })
})

test('a hook that is no function is refused', () => {
  // @ts-expect-error -- what a user without types would write
  expect(() => new Player('cassette', { beforeRecord: 'scrub' })).toThrow(
    /beforeRecord.*a function/,
  )
})
