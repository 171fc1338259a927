import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { play, Player } from '../../src/index.ts'
import type { RunnerOptions } from '../../src/runner/runner-options.ts'
import { TestFileSession } from '../../src/runner/index.ts'
import type { TestScope } from '../../src/runner/test-scope.ts'
import { filesBelow } from '../support/files.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

const text = async (url: string) => (await fetch(url)).text()
const failure = new Error('of the test')
const recordOnFailure = false

test.each(['cassette', 'cassette.json'])(
  'nothing stays in %s of a play whose function threw',
  async (name) => {
    const origin = await testOrigin()
    const path = join(tempDir(), name)

    const outcome = play(path, { recordOnFailure }, async () => {
      await text(`${origin.url}/json`)
      throw failure
    })

    await expect(outcome).rejects.toBe(failure)
    expect(readdirSync(dirname(path))).toEqual([])
  },
)

test('a play that threw leaves what an earlier play of the same player recorded', async () => {
  const origin = await testOrigin()
  const player = new Player(join(tempDir(), 'cassette'), { recordOnFailure })
  await player.play(() => text(`${origin.url}/json`))

  await player
    .play(async () => {
      await text(`${origin.url}/png`)
      await player.save()
      throw failure
    })
    .catch(() => undefined)

  expect(readdirSync(player.path)).toEqual([expect.stringContaining('_json_')])
  expect(player.report().recorded).toHaveLength(1)
})

test.each(['cassette', 'cassette.json'])(
  'a re-recording that failed gives back what stood in %s',
  async (name) => {
    const origin = await testOrigin()
    const path = join(tempDir(), name)
    await play(path, () => text(`${origin.url}/counter`))
    const before = filesBelow(dirname(path))

    await play(path, { recordMode: 'all', recordOnFailure }, async () => {
      await text(`${origin.url}/counter`)
      throw failure
    }).catch(() => undefined)

    expect(origin.hits).toBe(2)
    expect(filesBelow(dirname(path))).toEqual(before)
  },
)

test('a re-recording that failed gives back each of the copies that a person made', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  await play(path, () => text(`${origin.url}/counter`))
  const [file] = readdirSync(path).map((name) => join(path, name))
  copyFileSync(file!, file!.replace('.json', '_2.json'))
  const before = filesBelow(path)

  await play(path, { recordMode: 'all', recordOnFailure }, async () => {
    await text(`${origin.url}/counter`)
    throw failure
  }).catch(() => undefined)

  expect(origin.hits).toBe(2)
  expect(filesBelow(path)).toEqual(before)
})

test('a response that comes after the failure is not recorded either', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  let answer: Promise<string> | undefined

  await play(path, { recordOnFailure }, async () => {
    answer = text(`${origin.url}/slow`)
    await new Promise((resolve) => setTimeout(resolve, 20))
    throw failure
  }).catch(() => undefined)

  expect(await answer).toBe('{"hit":1}')
  expect(existsSync(path)).toBe(false)
})

test('by default what a failed play recorded is kept', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')

  await play(path, async () => {
    await text(`${origin.url}/json`)
    throw failure
  }).catch(() => undefined)

  expect(readdirSync(path)).toHaveLength(1)
})

function startFile(options: RunnerOptions): { session: TestFileSession; stored: () => string[] } {
  const root = tempDir()
  const testFile = join(root, 'a.test.ts')
  writeFileSync(testFile, '')
  const session = TestFileSession.start({ testFile, root }, { ...options, ignoreOwnServers: false })
  onTestFinished(() => session.finish())
  const stored = () =>
    existsSync(session.cassette)
      ? readdirSync(session.cassette).map((file) => file.split('_').at(-2) ?? '')
      : []
  return { session, stored }
}

async function endTest(
  session: TestFileSession,
  scope: TestScope,
  hasFailed: boolean,
): Promise<Error | undefined> {
  const missed = await session.saveTest(scope, hasFailed)
  session.endTest(scope)
  return missed
}

test('in a runner nothing stays of a failed test, and what others recorded does', async () => {
  const origin = await testOrigin()
  const { session, stored } = startFile({ recordOnFailure })

  await text(`${origin.url}/before-all`)
  const passes = session.startTest('passes')
  await text(`${origin.url}/passes`)
  await endTest(session, passes, false)
  const fails = session.startTest('fails')
  await text(`${origin.url}/fails`)
  await endTest(session, fails, true)
  await session.flush(false)
  await session.finish()

  expect(stored()).toEqual(['before-all', 'passes'])
})

test('what was recorded outside of every test goes with its file', async () => {
  const origin = await testOrigin()
  const { session, stored } = startFile({ recordOnFailure })

  await text(`${origin.url}/before-all`)
  const passes = session.startTest('passes')
  await text(`${origin.url}/passes`)
  await endTest(session, passes, false)
  await session.flush(true)
  await session.finish()

  expect(stored()).toEqual(['passes'])
})

test('a file that nobody knows the outcome of counts as failed', async () => {
  const origin = await testOrigin()
  const { session, stored } = startFile({ recordOnFailure })

  await text(`${origin.url}/before-all`)
  await session.finish()

  expect(stored()).toEqual([])
})

test('a test that fails in a hook behind it fails after all', async () => {
  const origin = await testOrigin()
  const { session, stored } = startFile({ recordOnFailure })

  const scope = session.startTest('fails late')
  await text(`${origin.url}/late`)
  await session.saveTest(scope, false)
  await session.saveTest(scope, true)
  session.endTest(scope)
  await session.flush(false)

  expect(stored()).toEqual([])
})

test('a swallowed miss fails its test, and with it what the test recorded', async () => {
  const origin = await testOrigin()
  const { session, stored } = startFile({ recordOnFailure, allowPlaybackRepeats: false })
  const login = async () =>
    (await (await fetch(`${origin.url}/login`)).json()) as { access_token: string }
  const first = session.startTest('first')
  await login()
  await endTest(session, first, false)
  await session.finish(false)

  const again = TestFileSession.start(
    { testFile: session.testFile, root: dirname(session.testFile) },
    { recordMode: 'new_episodes', ignoreOwnServers: false, recordOnFailure },
  )
  onTestFinished(() => again.finish())
  const second = again.startTest('second')
  await text(`${origin.url}/recorded`)
  await fetch(`${origin.url}/next`, { headers: { Authorization: 'Bearer [REDACTED]' } }).catch(
    () => undefined,
  )
  expect(await endTest(again, second, false)).toMatchObject({ name: 'UnhandledRequestError' })
  await again.flush(false)

  expect(stored()).toEqual(['login'])
})

test('a miss behind a test takes nothing from the test', async () => {
  const origin = await testOrigin()
  const { session, stored } = startFile({ recordOnFailure })

  const passes = session.startTest('passes')
  await text(`${origin.url}/passes`)
  await endTest(session, passes, false)
  await fetch(`${origin.url}/?token=[REDACTED]`).catch(() => undefined)
  expect(session.takeFailure()).toMatchObject({ name: 'UnhandledRequestError' })
  await session.flush(false)

  expect(stored()).toEqual(['passes'])
})

test('by default a failed test keeps what it recorded', async () => {
  const origin = await testOrigin()
  const { session, stored } = startFile({})

  const fails = session.startTest('fails')
  await text(`${origin.url}/fails`)
  await endTest(session, fails, true)

  expect(stored()).toEqual(['fails'])
})
