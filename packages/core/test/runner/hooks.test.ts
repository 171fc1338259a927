import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Interaction } from '../../src/index.ts'
import { TestFileSession } from '../../src/runner/index.ts'
import { httpRequest } from '../support/http-request.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

const clients: [string, (url: string) => Promise<unknown>][] = [
  ['fetch', async (url) => (await fetch(url)).text()],
  ['node:http', (url) => httpRequest(url)],
]
const waits: [string, () => Promise<void>][] = [
  ['at once', async () => {}],
  ['later', () => new Promise((resolve) => setTimeout(resolve, 30))],
]

test.each(
  clients.flatMap(([client, ask]) => waits.map(([when, wait]) => ({ client, ask, when, wait }))),
)('beforeRecord that fails $when fails the test that used $client, and no other', async (cell) => {
  const origin = await testOrigin()
  const root = tempDir()
  const testFile = join(root, 'a.test.ts')
  writeFileSync(testFile, '')
  const beforeRecord = async (interaction: Interaction): Promise<Interaction> => {
    await cell.wait()
    if (interaction.request.url.endsWith('/bad')) throw new Error('of the user')
    return interaction
  }
  const options = { beforeRecord, ignoreOwnServers: false }
  const session = TestFileSession.start({ testFile, root }, options)
  onTestFinished(() => session.finish())
  const outcomes: (string | undefined)[] = []

  for (const path of ['/good', '/bad', '/good?2', '/bad?2/bad']) {
    const scope = session.startTest(path)
    await cell.ask(origin.url + path)
    outcomes.push((await session.saveTest(scope))?.message)
    session.endTest(scope)
  }

  expect(outcomes).toEqual([
    undefined,
    expect.stringContaining(`The hook beforeRecord failed for GET ${origin.url}/bad: `),
    undefined,
    expect.stringContaining('/bad?2'),
  ])
})

test('what JSON cannot carry reaches the player from cassette.config.mjs', async () => {
  const origin = await testOrigin()
  const root = tempDir()
  const testFile = join(root, 'a.test.ts')
  writeFileSync(testFile, '')
  writeFileSync(
    join(root, 'cassette.config.mjs'),
    `export default {
      ignoreHosts: [/^ignored\\.localhost:/],
      ignore: ({ url }) => url.endsWith('/ignored'),
      beforeRecord: (one) => one.request.url.endsWith('/left-out') ? null : one,
      beforePlayback: (one) => ({ ...one, response: { ...one.response, status: 203 } }),
      ignoreOwnServers: false,
    }`,
  )
  const session = TestFileSession.start({ testFile, root }, {})
  onTestFinished(() => session.finish())

  for (const path of ['/ignored', '/left-out', '/kept']) await fetch(origin.url + path)
  const replayed = await fetch(`${origin.url}/kept`)
  await session.flush()

  expect(replayed.status).toBe(203)
  expect(readdirSync(session.cassette)).toEqual([expect.stringContaining('_kept_')])
})
