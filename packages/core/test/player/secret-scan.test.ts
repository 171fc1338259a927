import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { play, Player, SecretFoundError, type PlayerOptions } from '../../src/index.ts'
import { findSecrets } from '../../src/player/scan/find-secrets.ts'
import { filesBelow } from '../support/files.ts'
import { nextRun } from '../support/next-run.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

const key = 'AKIAQ7XW5PLMR2ZTVN4B'
// Nothing is redacted by shape, so that the scan has something to find.
const names: PlayerOptions = { redact: { patterns: { only: [] } } }

async function send(url: string, note: string): Promise<string> {
  const headers = { 'Content-Type': 'application/json' }
  const body = JSON.stringify({ note })
  return (await fetch(`${url}/echo`, { method: 'POST', headers, body })).text()
}

async function failureOf(work: Promise<unknown>): Promise<SecretFoundError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(SecretFoundError)
  return error as SecretFoundError
}

test.each(['cassette', 'cassette.json', 'cassette.yaml'])(
  'what looks like a secret is not written into %s, and the run fails',
  async (name) => {
    const origin = await testOrigin()
    const path = join(tempDir(), name)

    const error = await failureOf(play(path, names, () => send(origin.url, key)))

    expect(existsSync(path)).toBe(false)
    expect(error.message).not.toContain(key)
    expect(error.findings).toEqual([
      {
        file: expect.stringContaining(path),
        place: expect.stringMatching(/request\.body\.json\.note$/),
        rule: 'secretlint aws AWSAccessKeyID',
        remedy: "redact: { fields: ['note'] }",
      },
    ])
    for (const { file, place, rule, remedy } of error.findings) {
      for (const told of [file, place, rule, remedy]) expect(error.message).toContain(told)
    }
  },
)

test('the cure that is told lets the recording be written, and it replays', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const options = { redact: { fields: ['note'], patterns: { only: [] } } }
  const run = () => send(origin.url, key)

  await play(path, options, run)
  await origin.close()

  expect([...filesBelow(path).values()].map(({ text }) => text).join('')).not.toContain(key)
  expect(await play(nextRun(path), options, run)).toContain('/echo')
})

test('what is clean is written though something beside it is not', async () => {
  for (const name of ['cassette', 'cassette.json']) {
    const origin = await testOrigin()
    const path = join(tempDir(), name)
    const run = async (): Promise<void> => {
      await send(origin.url, 'clean')
      await send(origin.url, key)
    }

    await failureOf(play(path, names, run))
    await origin.close()

    expect(
      await play(nextRun(path), { recordMode: 'none' }, () => send(origin.url, 'clean')),
    ).toContain('/echo')
  }
})

test('an old recording stays where the new one may not be written', async () => {
  for (const name of ['cassette', 'cassette.json']) {
    const origin = await testOrigin()
    const directory = tempDir()
    const path = join(directory, name)
    const ask = async () => (await fetch(`${origin.url}/json`)).text()
    await play(path, ask)
    const before = filesBelow(directory)
    const again = nextRun(path)

    const options: PlayerOptions = {
      recordMode: 'all',
      redact: ({ request, response }) =>
        response === undefined
          ? { request }
          : { request, response: { ...response, headers: [['X-Note', key]] } },
    }
    const error = await failureOf(play(again, options, ask))

    expect(error.findings[0]?.remedy).toBe("redact: { headers: ['x-note'] }")
    const after = filesBelow(directory)
    expect([...after.values()].map(({ text }) => text)).toEqual(
      [...before.values(), ...before.values()].map(({ text }) => text),
    )
  }
})

test('a secret in a path is told in no file name', async () => {
  for (const name of ['cassette', 'cassette.json']) {
    const origin = await testOrigin()
    const path = join(tempDir(), name)
    const error = await failureOf(play(path, names, () => fetch(`${origin.url}/of/${key}/x`)))

    expect(error.message).toContain('request.url')
    expect(error.message).not.toContain(key)
  }
})

test('an account number of AWS is no secret', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')

  await play(path, names, () =>
    fetch(`${origin.url}/echo`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"aws_account_id":"123456789012"}',
    }),
  )

  expect(readdirSync(path)).toHaveLength(1)
})

test.each([
  ['the value of a variable', 'f00dfeedc0ffee1234'],
  ['a token of a known shape', 'ghp_abcdefghijklmnopqrstuvwxyz0123456789'],
])('a recording of a test that has %s in its title is not written', async (_what, secret) => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  onTestFinished(() => void vi.unstubAllEnvs())
  vi.stubEnv('CLOUD_TOKEN', 'f00dfeedc0ffee1234')
  const player = new Player(path).insert()
  player.currentTest = `works with ${secret}`
  await fetch(`${origin.url}/json`)
  player.currentTest = 'works with 1234'
  await fetch(`${origin.url}/text`)

  const { findings } = await failureOf(player.eject())

  expect(findings).toMatchObject([{ place: 'test', remedy: expect.stringContaining('a title') }])
  expect([...filesBelow(path).keys()]).toEqual([expect.stringContaining('_text_')])
})

test("onSecret: 'warn' writes it and warns without telling it", async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const warned = new Promise<Error>((resolve) => {
    process.once('warning', resolve)
  })

  await play(path, { ...names, onSecret: 'warn' }, () => send(origin.url, key))

  const { message } = await warned
  expect(message).toContain("redact: { fields: ['note'] }")
  expect(message).not.toContain(key)
  expect(readFileSync(join(path, readdirSync(path)[0]!), 'utf8')).toContain(key)
})

test("onSecret: 'off' writes it", async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')

  await play(path, { ...names, onSecret: 'off' }, () => send(origin.url, key))

  expect(readFileSync(join(path, readdirSync(path)[0]!), 'utf8')).toContain(key)
})

test('what was on the disk before this run is not looked at', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette.json')
  await play(path, { ...names, onSecret: 'off' }, () => send(origin.url, key))

  const later = nextRun(path)
  await play(later, names, () => send(origin.url, 'clean'))

  const { interactions } = JSON.parse(readFileSync(later, 'utf8')) as { interactions: unknown[] }
  expect(interactions).toHaveLength(2)
  expect(JSON.stringify(interactions)).toContain(key)
})

test('a comment in an answer cannot turn the scan off', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  const note = `/* secretlint-disable */ // secretlint-disable-line\n${key} // secretlint-disable-line`

  const error = await failureOf(play(path, names, () => send(origin.url, note)))

  expect(error.findings).toHaveLength(1)
})

test('a scan leaves nothing in the performance entries of a test', async () => {
  const origin = await testOrigin()
  const before = performance.getEntriesByType('mark').length

  await play(join(tempDir(), 'cassette'), () => send(origin.url, 'clean'))

  expect(performance.getEntriesByType('mark')).toHaveLength(before)
})

test('an unknown onSecret throws and lists the valid ones', async () => {
  // @ts-expect-error -- what a user without types would write
  await expect(play('cassette', { onSecret: 'ignore' }, () => {})).rejects.toThrow(
    /'ignore'.*error, warn, off/,
  )
})

const at = (document: object) =>
  findSecrets(document).then((found) => found.map(({ place, remedy }) => [place, remedy]))

test('every part of a recording is looked at, and each has its cure', async () => {
  const headers = [['X-Note', key]]
  expect(
    await at({
      request: { url: `https://a.test/x?note=${key}`, headers },
      response: {
        informational: [{ headers }],
        trailers: headers,
        body: {
          chunks: [
            { afterMs: 1, text: key.slice(0, 9) },
            { afterMs: 2, text: key.slice(9) },
          ],
        },
      },
    }),
  ).toEqual([
    ['request.url', "redact: { query: ['note'] }"],
    ['request.headers[0][1]', "redact: { headers: ['x-note'] }"],
    ['response.informational[0].headers[0][1]', "redact: { headers: ['x-note'] }"],
    ['response.trailers[0][1]', "redact: { headers: ['x-note'] }"],
    ['response.body.chunks[0].text', String.raw`redact: { patterns: [/AKIA[\w-]+/] }`],
  ])
})

test.each([
  ['a key', { json: { [key]: 1 } }, 'response.body.json.…'],
  [
    'bytes',
    { base64: Buffer.from(`\xff ${key} `, 'latin1').toString('base64') },
    'response.body.base64',
  ],
  ['an escape', { text: `"note":"\n${key}"` }, 'response.body.text'],
])('a secret in %s is found', async (_, body, place) => {
  expect((await at({ response: { body } })).map(([found]) => found)).toEqual([place])
})

test.each([
  'Basic W1JFREFDVEVEXTpbUkVEQUNURURd',
  'postgres://[REDACTED]@db.test:5432/x',
  'aws_secret_access_key = [REDACTED:AWS_SECRET_ACCESS_KEY]',
  'https://[REDACTED:2]@a.test/',
])('a placeholder is no secret: %s', async (text) => {
  expect(await at({ response: { body: { text } } })).toEqual([])
})
