import { AsyncResource } from 'node:async_hooks'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { insert } from '../../src/index.ts'
import type { RunnerOptions } from '../../src/runner/runner-options.ts'
import { TestFileSession, type TestFileStart } from '../../src/runner/index.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

function startFile(
  name: string,
  root: string,
  options: RunnerOptions = {},
  more: Partial<TestFileStart> = {},
): TestFileSession {
  const testFile = join(root, name)
  writeFileSync(testFile, '')
  const session = TestFileSession.start(
    { testFile, root, ...more },
    // The origin is a server of this very process.
    { ignoreOwnServers: false, ...options },
  )
  onTestFinished(() => session.finish())
  return session
}

test('what code of a file that has ended asks for is refused in mode none', async () => {
  const origin = await testOrigin()
  const session = startFile('a.test.ts', tempDir(), { recordMode: 'none' })
  await session.finish()

  const late = await fetch(`${origin.url}/json`).catch((error: unknown) => error)

  expect(late).toMatchObject({ cause: { name: 'UnhandledRequestError' } })
  expect(String((late as Error).cause)).toMatch(/a\.test\.ts had ended when its code made the/)
  expect(origin.hits).toBe(0)
})

test('in other modes it goes to the network and into no cassette', async () => {
  const origin = await testOrigin()
  const root = tempDir()
  const session = startFile('a.test.ts', root)
  await session.finish()

  await (await fetch(`${origin.url}/json`)).text()

  expect(origin.hits).toBe(1)
  expect(existsSync(join(root, '__cassettes__'))).toBe(false)
})

test('with a context of its own a file is asked for its late requests while the next runs', async () => {
  const origin = await testOrigin()
  const root = tempDir()
  const own = { hasOwnContext: true }
  let later: AsyncResource | undefined
  await new AsyncResource('first').runInAsyncScope(async () => {
    const first = startFile('a.test.ts', root, { recordMode: 'none' }, own)
    later = new AsyncResource('later')
    await first.finish()
  })
  const second = await new AsyncResource('second').runInAsyncScope(async () =>
    startFile('b.test.ts', root, {}, own),
  )

  const late = await later!
    .runInAsyncScope(async () => fetch(`${origin.url}/json`))
    .catch((error: unknown) => error)

  expect(String((late as Error).cause)).toContain('a.test.ts had ended')
  expect(second.takeFailure()).toBeUndefined()
  expect(origin.hits).toBe(0)
})

test('a cassette that a file inserted and left is ejected before the next file', async () => {
  const origin = await testOrigin()
  const root = tempDir()
  startFile('a.test.ts', root)
  await (await fetch(`${origin.url}/text`)).text()
  insert(join(root, 'by-hand'))
  await (await fetch(`${origin.url}/json`)).text()

  const next = startFile('b.test.ts', root)
  await (await fetch(`${origin.url}/png`)).bytes()
  await next.ready
  await next.flush()

  expect(next.usage(true).used).toEqual([expect.stringContaining('b.test.ts/')])
  expect(readdirSync(join(root, 'by-hand'))).toHaveLength(1)
  expect(readdirSync(join(root, '__cassettes__/b.test.ts'))).toEqual([
    expect.stringContaining('_png_'),
  ])
})
