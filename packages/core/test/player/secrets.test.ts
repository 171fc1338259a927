import { AsyncResource } from 'node:async_hooks'
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect, promisify } from 'node:util'
import { runInNewContext } from 'node:vm'
import { expect, test, vi } from 'vitest'
import { play, Player } from '../../src/index.ts'
import { httpRequest } from '../support/http-request.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

function everything(path: string): string {
  return readdirSync(path)
    .map((file) => file + readFileSync(join(path, file), 'utf8'))
    .join('\n')
}

async function logIn(url: string): Promise<{ access_token: string }> {
  return (await (await fetch(`${url}/login`)).json()) as { access_token: string }
}

test('no credential of a request or a response is on disk, in a file or in its name', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const secrets = ['header-secret', 'query-secret', 'json-secret', 'form-secret', 'cookie-secret']

  await play(path, async () => {
    await fetch(`${origin.url}/login?api_key=query-secret`, {
      method: 'POST',
      headers: {
        Authorization: 'Bearer header-secret',
        Cookie: 'session=cookie-secret; theme=dark',
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({ deep: [{ client_secret: 'json-secret' }] }),
    })
    await fetch(`${origin.url}/cookies`, {
      method: 'POST',
      body: new URLSearchParams({ password: 'form-secret', user: 'octocat' }),
    })
  })

  const stored = everything(path)
  const fromTheOrigin = ['live-access-token-value', 'hunter2-hunter2', 's3cr3t-s3ss10n']
  for (const secret of [...secrets, ...fromTheOrigin]) expect(stored).not.toContain(secret)
  for (const kept of ['theme=dark', 'octocat', 'Bearer [REDACTED]']) expect(stored).toContain(kept)
})

test('the secret fields of a multipart form are hidden, with a file beside them', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const form = new FormData()
  form.set('user', 'octocat')
  form.set('password', 'multipart-secret')
  form.set('file', new Blob([new Uint8Array([0, 255, 1])]), 'a.bin')
  const send = () => fetch(`${origin.url}/counter`, { method: 'POST', body: form })

  await play(path, send)
  const [file = ''] = readdirSync(path)
  const { request } = JSON.parse(readFileSync(join(path, file), 'utf8'))
  const body = Buffer.from(request.body.base64, 'base64').toString('latin1')
  await origin.close()

  expect(body).toContain('octocat')
  expect(body).toContain('[REDACTED]')
  expect(body).not.toContain('multipart-secret')
  expect((await play(nextRun(path), { recordMode: 'none' }, send)).status).toBe(200)
})

test('a secret that the server repeats is hidden in its answer too', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const token = 'tok_live_4242424242'

  await play(path, () =>
    fetch(`${origin.url}/reflect?api_key=${token}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}-2` },
    }),
  )

  expect(everything(path)).not.toContain(token)
})

test('the recording run sees live values, also in a repeat, and a replay sees placeholders', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const login = async () => (await fetch(`${origin.url}/login`)).json()

  await play(path, async () => {
    expect(await login()).toMatchObject({ access_token: 'live-access-token-value' })
    expect(await login()).toMatchObject({ access_token: 'live-access-token-value' })
  })
  await origin.close()

  expect(await play(nextRun(path), login)).toEqual({
    access_token: '[REDACTED]',
    user: { password: '[REDACTED:2]' },
  })
})

test('a machine with another secret, or none, finds the same recording', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const ask = (key: string, token?: string) =>
    fetch(`${origin.url}/counter?api_key=${key}`, {
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    }).then((response) => response.text())

  await play(path, () => ask('mine', 'mine-too'))
  await origin.close()

  const later = nextRun(path)
  expect(await play(later, () => ask('yours', 'yours-too'))).toBe('{"hit":1}')
  expect(await play(later, () => ask('somebody-elses'))).toBe('{"hit":1}')
})

test('requests that differ only in a secret stay apart', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const ask = async (key: string) => (await fetch(`${origin.url}/counter?api_key=${key}`)).text()
  const both = async () => [await ask('first-user'), await ask('second-user')]

  const recorded = await play(path, both)
  await origin.close()

  expect(recorded).toEqual(['{"hit":1}', '{"hit":2}'])
  expect(await play(nextRun(path), both)).toEqual(recorded)
})

test('a token that a recorded answer handed out finds the recording it was used in', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const session = async () => {
    const login = await logIn(origin.url)
    return (await fetch(`${origin.url}/counter?token=${login.access_token}`)).text()
  }

  const recorded = await play(path, session)
  await origin.close()

  expect(await play(nextRun(path), { recordMode: 'none' }, session)).toBe(recorded)
})

test('what a later run records gets no placeholder that a replayed answer holds', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette.json')
  await play(path, () => logIn(origin.url))
  const later = nextRun(path)

  await play(later, async () => {
    expect((await logIn(origin.url)).access_token).toBe('[REDACTED]')
    await fetch(`${origin.url}/login?again`)
  })

  const given = readFileSync(later, 'utf8').match(/\[REDACTED(:\d+)?\]/g)
  expect(given?.toSorted()).toEqual(['[REDACTED:2]', '[REDACTED:3]', '[REDACTED:4]', '[REDACTED]'])
})

test('a request that carries a placeholder is never sent', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const login = () => logIn(origin.url)
  await play(path, login)
  const hits = origin.hits

  await play(nextRun(path), async () => {
    const { access_token: token } = await login()
    await expect(
      fetch(`${origin.url}/new`, { headers: { Authorization: `Bearer ${token}` } }),
    ).rejects.toMatchObject({
      cause: { message: expect.stringContaining('it carries a placeholder') },
    })
  })

  expect(origin.hits).toBe(hits)
})

test('a miss tells no secret', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')

  const error: Error = (await play(path, { recordMode: 'none' }, () =>
    fetch(`${origin.url}/json?api_key=query-secret`).catch((reason: Error) => reason.cause),
  )) as Error

  expect(error.message).toContain('/json?api_key=[REDACTED]')
  expect(error.message).not.toContain('query-secret')
})

test('redact: false stores everything as it came, and a process says so once', async () => {
  const origin = await testOrigin()
  const paths = ['a', 'b'].map((name) => join(tempDir(), name))
  const script = `
    import { play } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)}
    for (const path of ${JSON.stringify(paths)}) {
      await play(path, { redact: false }, () => fetch('${origin.url}/login'))
    }`

  const { stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', script],
    { env: { ...process.env, CI: '', NODE_OPTIONS: '' } },
  )

  for (const path of paths) expect(everything(path)).toContain('live-access-token-value')
  expect(stderr.match(/is recorded with its secrets/g)).toHaveLength(1)
})

test('the value of a variable is in no file, and any value of it finds the recording', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const send = (token: string) =>
    fetch(`${origin.url}/echo?of=${token}`, { method: 'POST', body: `<${token}>` })

  vi.stubEnv('CASSETTE_TEST_TOKEN', 'mine-0123456789')
  await play(path, () => send('mine-0123456789'))
  await origin.close()
  vi.stubEnv('CASSETTE_TEST_TOKEN', 'yours-9876543210')
  const replay = await play(nextRun(path), { recordMode: 'none' }, () => send('yours-9876543210'))
  vi.unstubAllEnvs()

  expect(everything(path)).not.toContain('mine-0123456789')
  expect(await replay.json()).toMatchObject({ url: '/echo?of=[REDACTED:CASSETTE_TEST_TOKEN]' })
})

test('a token in a path is in no file, and other tokens of its shape replay the same', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const ask = async (token: string) => (await fetch(`${origin.url}/counter/${token}`)).status
  const both = async (one: string, other: string) => [await ask(one), await ask(other)]
  const tokens = ['a', 'b', 'c', 'd'].map((end) => `ghp_0123456789abcdefghij${end}`)

  const recorded = await play(path, () => both(tokens[0]!, tokens[1]!))
  await origin.close()

  expect(everything(path)).not.toMatch(/ghp_/)
  expect(readdirSync(path)).toHaveLength(2)
  expect(await play(nextRun(path), () => both(tokens[2]!, tokens[3]!))).toEqual(recorded)
})

test('a placeholder in a body with a file beside it is never sent', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  await play(path, () => logIn(origin.url))
  const hits = origin.hits

  await play(nextRun(path), async () => {
    const { access_token: token } = await logIn(origin.url)
    const form = new FormData()
    form.set('note', token)
    form.set('file', new Blob([new Uint8Array([0, 255, 1])]), 'a.bin')
    await expect(fetch(`${origin.url}/new`, { method: 'POST', body: form })).rejects.toMatchObject({
      cause: { message: expect.stringContaining('it carries a placeholder') },
    })
  })

  expect(origin.hits).toBe(hits)
})

test('a request outside of every play tells no secret', async () => {
  const origin = await testOrigin()
  let send = (): Promise<unknown> => Promise.resolve()
  const outside = new Promise((resolve) => {
    send = AsyncResource.bind(async () => {
      const error = await httpRequest(
        `${origin.url}/bot123456789:AAbcdefghijklmnopqrstuvwxyz0123456/x?token=query-secret`,
      ).catch((reason: unknown) => reason)
      resolve(error)
    })
  })
  await play(join(tempDir(), 'cassette'), send)
  const error = await outside

  expect(inspect(error)).toContain('outside of every running play()')
  expect(inspect(error)).not.toMatch(/query-secret|AAbcdef/)
})

test.each([
  [{ redact: 'no' }, /redact in the options.*boolean.*function.*headers/],
  [{ redact: [] }, /redact in the options/],
  [{ redact: { header: ['x'] } }, /rule in redact.*'header'.*headers, query/],
  [{ redact: { headers: 'x' } }, /redact\.headers.*'x'.*list of names/],
  [{ redact: { fields: { all: ['x'] } } }, /redact\.fields/],
  [{ redact: { query: { only: [''] } } }, /redact\.query/],
  [{ redact: { env: [1] } }, /redact\.env/],
  [{ redact: { patterns: ['('] } }, /redact\.patterns.*regular expressions/],
  [{ redact: { patterns: [/x*/] } }, /redact\.patterns.*more than nothing/],
  [{ redact: { patterns: [{}] } }, /redact\.patterns/],
  [{ redact: { values: [1] } }, /redact\.values.*list of strings/],
])('the option %j is refused', (options, message) => {
  // @ts-expect-error -- what a user without types would write
  expect(() => new Player('cassette', options)).toThrow(message)
})

test('a pattern of another realm is a pattern', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const pattern = runInNewContext('/cus_\\d+/') as RegExp

  await play(path, { redact: { patterns: [pattern] } }, () => fetch(`${origin.url}/counter/cus_12`))

  expect(everything(path)).not.toContain('cus_12')
})

test('what a function redact makes of a response is stored only if it can be read again', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  // As JavaScript lets one write it.
  const count: string = JSON.parse('1')
  const recorded = play(
    path,
    {
      redact: ({ request, response }) =>
        response === undefined
          ? { request }
          : { request, response: { ...response, headers: [['X-Count', count]] } },
    },
    async () => (await fetch(`${origin.url}/json`)).text(),
  )

  await expect(recorded).rejects.toThrow(
    `The hook redact failed for GET ${origin.url}/json: what it returned cannot be stored: ` +
      '`interaction.response.headers[0][1]` must be a string',
  )
  expect(existsSync(path)).toBe(false)
})
