import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Origin } from '@fixtures/origin'
import { TestFileSession } from '../../src/runner/index.ts'
import type { RunnerOptions } from '../../src/runner/runner-options.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

interface Run {
  readonly answers: Readonly<Record<string, readonly string[]>>
  /** Where its cassettes are. */
  readonly root: string
  readonly used: number
}

/** Runs a file whose tests, by their titles, ask a counter so many times. */
async function run(
  origin: Origin,
  tests: Readonly<Record<string, number>>,
  options: RunnerOptions,
  before?: Run,
  comment = '',
): Promise<Run> {
  const root = tempDir()
  if (before !== undefined) cpSync(before.root, root, { recursive: true })
  const testFile = join(root, 'a.test.ts')
  writeFileSync(testFile, comment)
  const session = TestFileSession.start({ testFile, root }, { ignoreOwnServers: false, ...options })
  onTestFinished(() => session.finish())
  session.nameTests(Object.keys(tests))
  const answers: Record<string, string[]> = {}
  for (const [title, count] of Object.entries(tests)) {
    const scope = session.startTest(title)
    const asked: string[] = (answers[title] = [])
    for (let at = 0; at < count; at += 1) {
      const answer = await fetch(`${origin.url}/counter`).catch(() => undefined)
      asked.push((await answer?.text()) ?? 'a miss')
    }
    await session.saveTest(scope)
    session.endTest(scope)
  }
  const { used } = session.usage(true)
  await session.finish()
  return { answers, root, used: used.length }
}

const hits = (...numbers: readonly number[]) => numbers.map((hit) => `{"hit":${hit}}`)
const once = { allowPlaybackRepeats: false }
const replay = { ...once, recordMode: 'none' } as const

test('a renamed test gets its own recordings, and not those of the tests before it', async () => {
  const origin = await testOrigin()
  const recorded = await run(origin, { a: 2, b: 3 }, once)
  expect(recorded.answers).toEqual({ a: hits(1, 2), b: hits(3, 4, 5) })

  const one = await run(origin, { a: 2, 'b renamed': 3 }, replay, recorded)
  expect(one.answers).toEqual({ a: hits(1, 2), 'b renamed': hits(3, 4, 5) })
  expect(one.used).toBe(5)

  const both = await run(origin, { 'a renamed': 2, 'b renamed': 3 }, replay, recorded)
  expect(both.answers).toEqual({ 'a renamed': hits(1, 2), 'b renamed': hits(3, 4, 5) })
})

test('what a renamed test asks beyond its own recordings is recorded', async () => {
  const origin = await testOrigin()
  const recorded = await run(origin, { a: 2, b: 1 }, once)

  const longer = await run(origin, { a: 2, 'b renamed': 2 }, once, recorded)
  expect(longer.answers).toEqual({ a: hits(1, 2), 'b renamed': hits(3, 4) })

  const again = await run(origin, { a: 2, 'b renamed': 2 }, replay, longer)
  expect(again.answers).toEqual({ a: hits(1, 2), 'b renamed': hits(3, 4) })
})

test('in a cassette that a comment names the tests of other files are not gone', async () => {
  const origin = await testOrigin()
  const comment = '// @cassette fixtures/api\n'
  const recorded = await run(origin, { a: 2, b: 1 }, once, undefined, comment)

  const other = await run(origin, { c: 3, d: 3 }, replay, recorded, comment)
  expect(other.answers).toEqual({ c: hits(1, 2, 3), d: hits(1, 2, 3) })
})

test('where no test is gone a new one is lent what others recorded', async () => {
  const origin = await testOrigin()
  const recorded = await run(origin, { a: 2 }, once)

  const more = await run(origin, { a: 2, new: 3 }, replay, recorded)
  expect(more.answers).toEqual({ a: hits(1, 2), new: [...hits(1, 2), 'a miss'] })
})
