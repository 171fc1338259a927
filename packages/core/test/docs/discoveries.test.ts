import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const folder = new URL('../../../../docs/discoveries/', import.meta.url)
const page = readFileSync(new URL('README.md', folder), 'utf8')
const rows = Array.from(
  page.matchAll(/^\| \[(\d{4})\]\((.+?)\) .* `(expected .+?)`\s*\|$/gm),
  ([, number = '', file = '', line = '']) => ({ number, file, line }),
)

test('docs/discoveries/README.md lists every program of its folder under its number', () => {
  const programs = readdirSync(folder).filter((name) => /^\d{4}-.+\.mjs$/.test(name))

  expect(rows.map(({ file }) => file)).toEqual(programs.toSorted())
  for (const { number, file } of rows) expect(file.slice(0, 4)).toBe(number)
})

test.each(rows)('the defect $file is still there', async ({ file, line }) => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    fileURLToPath(new URL(file, folder)),
  ])

  const verdict =
    stdout === `${line}\n`
      ? 'still there'
      : `It prints: ${stdout}Where upstream has mended the defect, remove the workaround that ` +
        'docs/discoveries/README.md names, the row there and the program.'
  expect(verdict).toBe('still there')
})
