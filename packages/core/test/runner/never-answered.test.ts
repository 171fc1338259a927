import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { rawServer } from '../support/raw-server.ts'
import { tempDir } from '../support/temp-dir.ts'

// Cassette takes the timers that it finds when it is loaded: its ten seconds are a tenth of one here.
const program = `
const { setTimeout: real } = globalThis
globalThis.setTimeout = (callback, ms = 0) => real(callback, ms / 100)
const [runner, url, root, testFile] = process.argv.slice(1)
const { TestFileSession } = await import(runner)
const session = TestFileSession.start({ testFile, root }, { recordMode: 'new_episodes' })
fetch(url).catch(() => {})
await new Promise((resolve) => process.stdin.once('data', resolve))
await session.flush()
await session.finish()
setImmediate(() => process.exit())`

test('a request that is never answered is waited for once, and told of once', async () => {
  const arrived = Promise.withResolvers<void>()
  const { url } = await rawServer(() => arrived.resolve())
  const root = tempDir()
  const testFile = join(root, 'a.test.ts')
  writeFileSync(testFile, '')
  const runner = new URL('../../src/runner/index.ts', import.meta.url).href
  const args = ['--input-type=module', '-e', program, runner, url, root, testFile]
  const ran = promisify(execFile)(process.execPath, args)
  await arrived.promise
  ran.child.stdin?.write('it is there')

  const { stderr } = await ran

  expect(stderr.match(/\[cassette\] .*/g)).toEqual([
    '[cassette] 1 request(s) were still unanswered after 10 s and are not recorded. Await them before the test ends.',
  ])
})
