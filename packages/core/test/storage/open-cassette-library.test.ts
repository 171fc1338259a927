import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Player } from '../../src/index.ts'
import { cassetteExists } from '../../src/storage/cassette-path.ts'
import { DirectoryCassetteLibrary } from '../../src/storage/directory-cassette-library.ts'
import { FileCassetteLibrary } from '../../src/storage/file-cassette-library.ts'
import { openCassetteLibrary } from '../../src/storage/open-cassette-library.ts'
import { sampleInteraction } from '../support/interaction.ts'
import { tempDir } from '../support/temp-dir.ts'

test.each(['api.json', 'api.yaml', 'api.yml', 'API.JSON', 'a.test.ts.json'])(
  '%s is one file',
  (path) => {
    expect(openCassetteLibrary(path)).toBeInstanceOf(FileCassetteLibrary)
  },
)

test.each(['api', 'users.test.ts', 'json', '.json', 'api.jsonl'])('%s is a directory', (path) => {
  expect(openCassetteLibrary(path)).toBeInstanceOf(DirectoryCassetteLibrary)
})

test('a relative path is taken from the working directory', () => {
  expect(openCassetteLibrary('fixtures/../api.json').path).toBe(resolve('api.json'))
})

test('an explicit format that is that of the extension is fine', () => {
  expect(openCassetteLibrary('api.yml', { fileFormat: 'yaml' })).toBeInstanceOf(FileCassetteLibrary)
})

test('a format that is given wins over the extension of a file', async () => {
  const path = join(tempDir(), 'api.json')
  const library = openCassetteLibrary(path, { fileFormat: 'yaml' })
  library.add(sampleInteraction())
  await library.save()

  expect(readFileSync(path, 'utf8')).toMatch(/^cassette: 1\n/)
  const again = openCassetteLibrary(path, { fileFormat: 'yaml' })
  expect(again.interactions()).toEqual([sampleInteraction()])
})

test('an unknown format is refused with those that there are', () => {
  const options = { fileFormat: 'toml' as 'json' }
  expect(() => openCassetteLibrary('api', options)).toThrow(
    expect.objectContaining({
      name: 'OptionError',
      message: "Invalid fileFormat: 'toml'. Use one of json, yaml.",
    }),
  )
})

test('a cassette exists where there is a file or a directory, and what is below a file is an error', () => {
  const path = tempDir()
  mkdirSync(join(path, 'users'))
  writeFileSync(join(path, 'api.json'), 'not even read')
  expect(cassetteExists(join(path, 'users'))).toBe(true)
  expect(cassetteExists(join(path, 'api.json'))).toBe(true)
  expect(cassetteExists(join(path, 'missing'))).toBe(false)
  expect(cassetteExists(join(path, 'missing', 'api.json'))).toBe(false)
  expect(() => cassetteExists(join(path, 'api.json', 'x.json'))).toThrow(
    /must be a directory is a file/,
  )
})

test('a file where a directory must be, and the reverse, are told by the same look', () => {
  const path = tempDir()
  mkdirSync(join(path, 'users.json'))
  writeFileSync(join(path, 'users'), '')
  expect(() => cassetteExists(join(path, 'users.json'))).toThrow(/is a directory/)
  expect(() => cassetteExists(join(path, 'users'))).toThrow(/is a file/)
})

test('a cassette is found though the working directory was deleted', () => {
  const path = tempDir()
  const [before, gone] = [process.cwd(), join(path, 'gone')]
  mkdirSync(gone)
  process.chdir(gone)
  onTestFinished(() => process.chdir(before))
  rmSync(gone, { recursive: true })

  expect(cassetteExists(path)).toBe(true)
  expect(cassetteExists(join(path, 'users'))).toBe(false)
})

test('a path in the working directory that a link leads out of it is refused', () => {
  const inside = mkdtempSync(join(process.cwd(), 'node_modules', '.link-'))
  onTestFinished(() => rmSync(inside, { recursive: true }))
  const outside = tempDir()
  symlinkSync(outside, join(inside, 'cassettes'))
  writeFileSync(join(outside, 'real.json'), '{}')
  symlinkSync(join(outside, 'real.json'), join(inside, 'api.json'))

  for (const path of ['cassettes/users', 'cassettes/api.json', 'api.json']) {
    expect(() => new Player(join(inside, path)).insert()).toThrow(/symbolic links on it lead to/)
  }
  expect(readdirSync(outside)).toEqual(['real.json'])
})
