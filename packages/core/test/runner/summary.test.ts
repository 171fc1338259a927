import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { insert } from '../../src/index.ts'
import { summaryRows } from '../../src/runner/summary.ts'
import { TestFileSession } from '../../src/runner/index.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'
import { cassetteWarnings, warningsTold } from '../support/warnings.ts'

test('the summary counts recordings that were played and are older than maxAge', async () => {
  const warnings = cassetteWarnings()
  const origin = await testOrigin()
  const root = tempDir()
  const testFile = join(root, 'a.test.ts')
  writeFileSync(testFile, '// @cassette tape')
  const tape = join(root, 'tape')
  const player = insert(tape)
  for (const path of ['/json', '/png']) await (await fetch(origin.url + path)).bytes()
  await player.eject()
  for (const file of readdirSync(tape)) {
    const stored = readFileSync(join(tape, file), 'utf8')
    if (!file.includes('_json_')) continue
    const old = stored.replace(/(?<="recordedAt": ")[^"]+/, '2020-01-01T00:00:00.000Z')
    writeFileSync(join(tape, file), old)
  }
  const session = TestFileSession.start(
    { testFile, root },
    { maxAge: '1y', ignoreOwnServers: false },
  )
  onTestFinished(() => session.finish())

  for (const path of ['/json', '/json', '/png']) await (await fetch(origin.url + path)).bytes()

  expect(summaryRows([session.usage(true)], 0)).toEqual([
    ['Cassettes', '1 (2 replayed)'],
    ['Expired', '1'],
  ])
  await warningsTold()
  expect(warnings).toEqual([expect.stringContaining('maxAge is 1y')])
  expect(origin.hits).toBe(2)
})
