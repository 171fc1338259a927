import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Interaction } from '../../src/index.ts'
import { TestFileSession } from '../../src/runner/test-file-session.ts'
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
    session.startTest(path)
    await cell.ask(origin.url + path)
    outcomes.push((await session.endTest())?.message)
  }

  expect(outcomes).toEqual([
    undefined,
    expect.stringContaining(`The hook beforeRecord failed for GET ${origin.url}/bad: `),
    undefined,
    expect.stringContaining('/bad?2'),
  ])
})
