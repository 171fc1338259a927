import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { configFileOptions } from '../../src/runner/config-file.ts'
import { tempDir } from '../support/temp-dir.ts'

function rootWith(file: string, code: string): string {
  const root = tempDir()
  writeFileSync(join(root, file), code)
  return root
}

test.each([
  ['cassette.config.ts', "const mode: string = 'once'\nexport default { recordMode: mode }"],
  ['cassette.config.mjs', "export default { recordMode: 'once' }"],
  ['cassette.config.js', "export default { recordMode: 'once' }"],
  ['cassette.config.js', "module.exports = { recordMode: 'once' }"],
  ['cassette.config.cjs', "module.exports = { recordMode: 'once' }"],
  ['cassette.config.js', "exports.default = { recordMode: 'once' }"],
])('%s gives its default export', (file, code) => {
  expect(configFileOptions(rootWith(file, code))).toEqual({ recordMode: 'once' })
})

test.each(["Promise.resolve({ recordMode: 'none' })", "new Map([['recordMode', 'none']])"])(
  'options in %s are not passed over',
  (options) => {
    const root = rootWith('cassette.config.mjs', `export default ${options}`)

    expect(() => configFileOptions(root)).toThrow(
      /^Invalid .*cassette\.config\.mjs: (?:Promise|Map)\b.*Use an object\.$/,
    )
  },
)

test('options may be a namespace of a module', () => {
  const root = rootWith('options.mjs', "export const recordMode = 'once'")
  writeFileSync(
    join(root, 'cassette.config.mjs'),
    "import * as options from './options.mjs'\nexport default options",
  )

  expect(configFileOptions(root).recordMode).toBe('once')
})

test('it may hold what JSON cannot', () => {
  const root = rootWith(
    'cassette.config.mjs',
    "export default { matchOn: ['method', { name: 'tenant', key: () => 'one' }] }",
  )

  expect(configFileOptions(root).matchOn).toHaveLength(2)
})

test('a package of a workspace has that of the nearest directory above, within its repository', () => {
  const root = rootWith('cassette.config.mjs', "export default { recordMode: 'once' }")
  const repository = join(root, 'repository')
  const one = join(repository, 'packages', 'one')
  const other = join(repository, 'packages', 'other')
  for (const path of [join(repository, '.git'), one, other]) mkdirSync(path, { recursive: true })
  expect(configFileOptions(one)).toEqual({})

  writeFileSync(join(repository, 'cassette.config.mjs'), "export default { recordMode: 'all' }")
  writeFileSync(join(other, 'cassette.config.mjs'), "export default { recordMode: 'none' }")

  expect(configFileOptions(one)).toEqual({ recordMode: 'all' })
  expect(configFileOptions(other)).toEqual({ recordMode: 'none' })
})

test('a project without one has no options of it', () => {
  expect(configFileOptions(tempDir())).toEqual({})
})

test.each([
  ['cassette.config.ts', "import path from 'node:path'\nexport default { cassetteDir: path.sep }"],
  ['cassette.config.js', 'export default {}'],
])('%s that is an ES module in a package of CommonJS is told its right name', (file, code) => {
  const root = rootWith(file, code)
  writeFileSync(join(root, 'package.json'), '{ "type": "commonjs" }')

  const right = file.replace('config.', 'config.m')
  expect(() => configFileOptions(root)).toThrow(
    `Cannot load ${join(root, file)}: it is an ES module in a package of CommonJS. Name it ${right}`,
  )
})

test('a file without a default export is an error that names it', () => {
  const root = rootWith('cassette.config.mjs', "export const recordMode = 'once'")

  expect(() => configFileOptions(root)).toThrow(/cassette\.config\.mjs.*default export/)
})

test('a file that does not load is an error that names it', () => {
  const root = rootWith('cassette.config.mjs', 'export default {')

  expect(() => configFileOptions(root)).toThrow(/^Cannot load .*cassette\.config\.mjs: /)
})

test('an unknown option is an error that names the file and lists the valid ones', () => {
  const root = rootWith('cassette.config.mjs', "export default { mode: 'once' }")

  expect(() => configFileOptions(root)).toThrow(/cassette\.config\.mjs: 'mode'.*recordMode/)
})
