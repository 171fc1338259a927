import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { volatileResponseHeaders } from '../../src/model/same-recording.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'

const page = readFileSync(new URL('../../../../docs/recording.md', import.meta.url), 'utf8')
const core = new URL('../../src/index.ts', import.meta.url).href

const examples = page.split(/^#+ /m).flatMap((section) =>
  Array.from(section.matchAll(/^```ts\n(.*?)^```$/gms), ([, code = '']) => ({
    title: section.split('\n', 1)[0],
    code,
  })),
)

test.each(examples)('the example under “$title” of docs/recording.md holds', async ({ code }) => {
  const origin = await testOrigin()
  const directory = tempDir()
  const local = code
    .replaceAll("'@cassette/core'", `'${core}'`)
    .replaceAll(/https:\/\/api\.example\.com|http:\/\/127\.0\.0\.1(?=\/)/g, origin.url)
  writeFileSync(join(directory, 'example.mts'), local)
  const env = { ...process.env, CI: '', CASSETTE_MODE: '' }

  const run = promisify(execFile)(process.execPath, ['example.mts'], { cwd: directory, env })

  expect(await run).toMatchObject({ stderr: '' })
  expect(origin.hits).toBeGreaterThan(0)
})

test('every section with code has its example run', () => {
  expect(examples.length).toBe(page.match(/^```ts$/gm)?.length)
  expect(examples.length).toBeGreaterThan(6)
})

test('docs/recording.md lists the response headers that differ every time', () => {
  const list = /response headers that differ every time\. These are (.*?), and those/.exec(
    page,
  )?.[1]
  expect(list?.split(', ').map((name) => name.replaceAll('`', ''))).toEqual(volatileResponseHeaders)
})
