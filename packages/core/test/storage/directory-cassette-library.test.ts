import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { CassetteLibrary } from '../../src/model/cassette-library.ts'
import { cassetteFileName } from '../../src/model/cassette-name.ts'
import type { Interaction } from '../../src/model/interaction.ts'
import { openCassetteLibrary } from '../../src/storage/open-cassette-library.ts'
import { describeCassetteLibrary } from '../support/cassette-library-contract.ts'
import { sampleInteraction, sampleSequence } from '../support/interaction.ts'
import { tempDir } from '../support/temp-dir.ts'

describeCassetteLibrary('a directory of JSON', 'users.test.ts', (path) => openCassetteLibrary(path))
describeCassetteLibrary('a directory of YAML', 'users', (path) =>
  openCassetteLibrary(path, { fileFormat: 'yaml' }),
)

/** A directory that holds a sequence of one name. */
async function recorded(interactions: readonly Interaction[]): Promise<string> {
  const path = join(tempDir(), 'users')
  await save(openCassetteLibrary(path), interactions)
  return path
}

async function save(library: CassetteLibrary, interactions: readonly Interaction[]): Promise<void> {
  for (const interaction of interactions) library.add(interaction)
  await library.save()
}

function fileName(place: number, extension = '.json'): string {
  return cassetteFileName(sampleInteraction().name, place, extension)
}

test('each interaction gets a file that is named after it', async () => {
  const path = await recorded(sampleSequence(3))
  expect(readdirSync(path)).toEqual([fileName(1), fileName(2), fileName(3)].toSorted())
  expect(fileName(1)).toMatch(/^https_GET_api\.github\.com_443_users_octocat_[0-9a-f]{16}\.json$/)
})

test('a gap in the places hides nothing, and the next recording fills it', async () => {
  const [first, second, third] = sampleSequence(3)
  const path = await recorded([first!, second!, third!])
  rmSync(join(path, fileName(2)))
  const library = openCassetteLibrary(path)
  expect(library.find(first!.name)).toEqual([first, third])
  await save(library, [second!])
  expect(library.locate(second!)).toBe(fileName(2))
  expect(openCassetteLibrary(path).find(first!.name)).toEqual([first, second, third])
})

test('copies that a person made have the order of their places', async () => {
  const path = await recorded([sampleInteraction()])
  for (const place of [10, 2]) {
    const copy = sampleInteraction({ body: { text: `place ${place}` } })
    writeFileSync(join(path, fileName(place)), JSON.stringify({ cassette: 1, ...copy }))
  }
  const found = openCassetteLibrary(path).find(sampleInteraction().name)
  expect(found.map(({ response }) => response?.body)).toEqual([
    { json: { login: 'octocat' } },
    { text: 'place 2' },
    { text: 'place 10' },
  ])
})

test('a file with the hash of another name is no answer', async () => {
  const path = await recorded([sampleInteraction()])
  const other = sampleInteraction({ path: '/other' })
  const wrong = cassetteFileName(other.name, 1, '.json')
  renameSync(join(path, fileName(1)), join(path, wrong))
  const library = openCassetteLibrary(path)
  expect(library.find(other.name)).toEqual([])
  expect(library.find(sampleInteraction().name)).toEqual([sampleInteraction()])
  expect(library.locate(library.interactions()[0]!)).toBe(wrong)
})

test('a renamed file is found, and a new recording keeps its name', async () => {
  const path = await recorded([sampleInteraction()])
  renameSync(join(path, fileName(1)), join(path, 'octocat.json'))
  const library = openCassetteLibrary(path)
  expect(library.find(sampleInteraction().name)).toEqual([sampleInteraction()])
  await save(library, [sampleInteraction({ recordedAt: '2027-01-01T00:00:00.000Z' })])
  expect(readdirSync(path)).toEqual(['octocat.json'])
})

test('only the files that are asked for are read', async () => {
  const path = await recorded([sampleInteraction()])
  writeFileSync(join(path, 'broken_0123456789abcdef.json'), '{"cassette": 1')
  const library = openCassetteLibrary(path)
  expect(library.find(sampleInteraction().name)).toHaveLength(1)
  expect(() => library.find(sampleInteraction({ path: '/missing' }).name)).toThrow(
    /broken_0123456789abcdef\.json: it is not JSON: unexpected end at line 1, column 15/,
  )
  expect(() => library.interactions()).toThrow('broken_0123456789abcdef.json')
})

test('what is written by hand beside the recordings is left alone', async () => {
  const path = await recorded([sampleInteraction()])
  const files = {
    'README.md': '# Users',
    'data.json': '{"users": []}',
    'list.yaml': '- 1\n- 2\n',
    'comments.json': '// not even JSON\n{}',
    'whole.json': JSON.stringify({ cassette: 1, interactions: [] }),
    '.hidden.json': '{}',
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  mkdirSync(join(path, 'folder.json'))
  const library = openCassetteLibrary(path)
  expect(library.find(sampleInteraction({ path: '/missing' }).name)).toEqual([])
  expect(library.interactions()).toEqual([sampleInteraction()])
  await save(library, [sampleInteraction({ path: '/new' })])
  for (const [name, text] of Object.entries(files)) {
    expect(readFileSync(join(path, name), 'utf8')).toBe(text)
  }
})

test('what macOS keeps beside a recording, and a stranger that is not UTF-8, are left alone', async () => {
  const path = await recorded([sampleInteraction()])
  const [name = ''] = readdirSync(path)
  // An AppleDouble file (RFC 1740).
  writeFileSync(join(path, `._${name}`), Buffer.from([0, 5, 0x16, 7, 0, 2, 0, 0, 0xff]))
  writeFileSync(join(path, 'notes.yaml'), Buffer.from([0x61, 0xe9, 0x62]))

  const library = openCassetteLibrary(path)
  expect(library.find(sampleInteraction({ path: '/missing' }).name)).toEqual([])
  expect(library.interactions()).toEqual([sampleInteraction()])
})

test('a renamed cassette that is not UTF-8 is an error', async () => {
  const path = await recorded([sampleInteraction()])
  writeFileSync(join(path, 'mine.json'), Buffer.from('{"cassette": 1, "name": "\xe9"}', 'latin1'))

  expect(() => openCassetteLibrary(path).interactions()).toThrow('mine.json: it is not UTF-8')
})

test.each([
  ['no cassette', 'x_0123456789abcdef.json', '{"users": []}', /no field `cassette`/],
  [
    'a renamed cassette that is broken',
    'mine.yaml',
    'cassette: 1\nname: [',
    /is not YAML: .*line 2/,
  ],
  ['a renamed cassette of a wrong shape', 'mine.json', '{"cassette": 1}', /`name` is missing/],
])('%s is an error where all files are read', async (_, name, text, message) => {
  const path = await recorded([sampleInteraction()])
  writeFileSync(join(path, name), text)
  expect(() => openCassetteLibrary(path).interactions()).toThrow(message)
})

test('files of both formats are read; new ones and re-recorded ones get the format that was asked for', async () => {
  const [first, second, third] = sampleSequence(3)
  const path = await recorded([first!])
  const yaml = openCassetteLibrary(path, { fileFormat: 'yaml' })
  await save(yaml, [second!])
  expect(readdirSync(path)).toEqual([fileName(1), fileName(2, '.yaml')].toSorted())
  expect(openCassetteLibrary(path).interactions()).toEqual([first, second])
  yaml.remove(first!)
  for (const stored of yaml.find(first!.name)) yaml.remove(stored)
  await save(yaml, [first!, third!])
  expect(readdirSync(path).every((name) => name.endsWith('.yaml'))).toBe(true)
  expect(openCassetteLibrary(path).interactions()).toEqual([first, third])
})

test('what is recorded anew goes into the files of what was removed', async () => {
  const path = await recorded(sampleSequence(3))
  const library = openCassetteLibrary(path)
  for (const stored of library.interactions()) library.remove(stored)
  const recordedAt = '2027-01-01T00:00:00.000Z'
  await save(library, sampleSequence(2, { recordedAt }))
  expect(readdirSync(path)).toEqual([fileName(1), fileName(2)].toSorted())
  expect(openCassetteLibrary(path).interactions()).toEqual(sampleSequence(2, { recordedAt }))
})

test('what two libraries record at once for different tests gets two files', async () => {
  const path = join(tempDir(), 'users')
  const libraries = [openCassetteLibrary(path), openCassetteLibrary(path)]
  libraries.forEach((library, at) => library.add(sampleInteraction({ test: `test ${at}` })))
  for (const library of libraries) await library.save()
  expect(readdirSync(path)).toEqual([fileName(1), fileName(2)].toSorted())
  expect(libraries[1]!.interactions()).toHaveLength(2)
})

test('of two libraries that record the same the first keeps the file, and both tell it', async () => {
  const path = join(tempDir(), 'users')
  const libraries = [openCassetteLibrary(path), openCassetteLibrary(path)]
  const recordings = [sampleInteraction(), sampleInteraction({ body: { text: 'later' } })]
  libraries.forEach((library, at) => library.add(recordings[at]!))
  for (const library of libraries) await library.save()
  expect(readdirSync(path)).toEqual([fileName(1)])
  expect(openCassetteLibrary(path).interactions()).toEqual([recordings[0]])
  expect(libraries.map((library, at) => library.locate(recordings[at]!))).toEqual([
    fileName(1),
    fileName(1),
  ])
})

test('a removed interaction whose file another process took for another test leaves that file', async () => {
  const path = await recorded([sampleInteraction({ test: 'a' })])
  const library = openCassetteLibrary(path)
  library.remove(library.interactions()[0]!)
  const theirs = sampleInteraction({ test: 'b' })
  writeFileSync(join(path, fileName(1)), JSON.stringify({ cassette: 1, ...theirs }))
  await library.save()
  expect(openCassetteLibrary(path).interactions()).toEqual([theirs])
})

test('a file that vanishes between listing and reading is no error', async () => {
  const path = await recorded(sampleSequence(2))
  const library = openCassetteLibrary(path)
  library.find(sampleInteraction({ path: '/elsewhere' }).name)
  const fresh = openCassetteLibrary(path)
  fresh.add(sampleInteraction({ path: '/x' }))
  rmSync(join(path, fileName(2)))
  expect(openCassetteLibrary(path).interactions()).toHaveLength(1)
  library.remove(library.interactions()[1]!)
  await library.save()
  expect(readdirSync(path)).toEqual([fileName(1)])
})

test('a file where the directory must be is told apart, with what to do', () => {
  const path = join(tempDir(), 'users')
  writeFileSync(path, '')
  const error = { name: 'CassettePathError', code: 'ERR_CASSETTE_PATH', path }
  expect(() => openCassetteLibrary(path).interactions()).toThrow(expect.objectContaining(error))
  expect(() => openCassetteLibrary(path).interactions()).toThrow(/is a file.*\.json or \.yaml/s)
})
