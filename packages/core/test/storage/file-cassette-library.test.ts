import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openCassetteLibrary } from '../../src/storage/open-cassette-library.ts'
import { describeCassetteLibrary } from '../support/cassette-library-contract.ts'
import { sampleInteraction } from '../support/interaction.ts'
import { tempDir } from '../support/temp-dir.ts'

describeCassetteLibrary('a JSON file', 'api.json', (path) => openCassetteLibrary(path))
describeCassetteLibrary('a YAML file', 'api.yml', (path) => openCassetteLibrary(path))

function document(...interactions: object[]): string {
  return JSON.stringify({ cassette: 1, interactions })
}

test('an interaction is told by its name', () => {
  const library = openCassetteLibrary('/nowhere/api.json')
  expect(library.locate(sampleInteraction())).toBe(sampleInteraction().name)
  expect(library.fileOf(sampleInteraction())).toBe('/nowhere/api.json')
})

test.each([
  ['not JSON', '{"cassette": 1,', /is not JSON: unexpected end at line 1, column 16.*Mend it/s],
  ['no cassette', '{"name": "x"}', /it has no field `cassette`/],
  ['empty', '', /the file is empty/],
  [
    'in conflict',
    '{\n<<<<<<< HEAD\n  "cassette": 1\n',
    /line 2, column 1.*merge conflict: resolve it/s,
  ],
  ['one interaction', JSON.stringify({ cassette: 1, ...sampleInteraction() }), /directory/],
  [
    'newer',
    '{"cassette": 2, "tapes": []}',
    /newer Cassette, in version 2.*update @cassette\/core/s,
  ],
  ['not UTF-8', Buffer.from([0x7b, 0xff]), /is not UTF-8/],
])('a file that is %s is neither absent nor overwritten', async (_, content, message) => {
  const path = join(tempDir(), 'api.json')
  writeFileSync(path, content)
  const library = openCassetteLibrary(path)
  const error = { name: 'CassetteDecodeError', code: 'ERR_CASSETTE_DECODE', path }
  expect(() => library.find(sampleInteraction().name)).toThrow(message)
  expect(() => library.interactions()).toThrow(expect.objectContaining(error))
  expect(() => library.add(sampleInteraction())).toThrow(message)
  await library.save()
  expect(readFileSync(path)).toEqual(Buffer.from(content))
})

test('a file that breaks while the library is open is not overwritten', async () => {
  const path = join(tempDir(), 'api.json')
  const library = openCassetteLibrary(path)
  library.add(sampleInteraction())
  writeFileSync(path, '{')
  await expect(library.save()).rejects.toThrow('is not JSON')
  expect(readFileSync(path, 'utf8')).toBe('{')
  expect(library.isDirty).toBe(true)
})

test('a directory where the file must be is told apart, with what to do', () => {
  const path = join(tempDir(), 'api.yaml')
  mkdirSync(path)
  const error = { name: 'CassettePathError', code: 'ERR_CASSETTE_PATH', path }
  expect(() => openCassetteLibrary(path).interactions()).toThrow(expect.objectContaining(error))
  expect(() => openCassetteLibrary(path).interactions()).toThrow(/is a directory.*Give a path/s)
})

test('a byte order mark and CRLF line ends do no harm', () => {
  const path = join(tempDir(), 'api.json')
  const interaction = sampleInteraction({ body: { text: 'a\nb' } })
  const text = JSON.stringify({ cassette: 1, interactions: [interaction] }, null, 2)
  writeFileSync(path, `\ufeff${text.replaceAll('\n', '\r\n')}`)
  expect(openCassetteLibrary(path).interactions()).toEqual([interaction])
})

test('a file keeps its permissions when it is written again', async () => {
  const path = join(tempDir(), 'api.json')
  writeFileSync(path, document(), { mode: 0o640 })
  const library = openCassetteLibrary(path)
  library.add(sampleInteraction())
  await library.save()
  expect(statSync(path).mode & 0o777).toBe(0o640)
})

test('what another process wrote by hand meanwhile wins over what was read, not over a recording', async () => {
  const path = join(tempDir(), 'api.json')
  const [a, b] = [sampleInteraction({ path: '/a' }), sampleInteraction({ path: '/b' })]
  writeFileSync(path, document(a, b))
  const library = openCassetteLibrary(path)
  library.find(a.name)
  const mended = { ...a, response: { ...a.response, status: 201 } }
  writeFileSync(path, document(mended, { ...b, recordedAt: '2026-11-24T00:00:00.000Z' }))
  const newer = sampleInteraction({ path: '/b', recordedAt: '2026-11-25T00:00:00.000Z' })
  library.add(newer)
  await library.save()
  expect(library.interactions()).toEqual([mended, newer])
  expect(openCassetteLibrary(path).interactions()).toEqual([mended, newer])
})

test('entries that stand twice in a file are kept', async () => {
  const path = join(tempDir(), 'api.json')
  const copies = [sampleInteraction(), sampleInteraction({ body: { text: 'second' } })]
  writeFileSync(path, document(...copies))
  const library = openCassetteLibrary(path)
  expect(library.find(copies[0]!.name)).toEqual(copies)
  const other = sampleInteraction({ path: '/zzz' })
  library.add(other)
  await library.save()
  expect(openCassetteLibrary(path).interactions()).toEqual([...copies, other])
})

test('ten thousand interactions of one name are read and found', async () => {
  const path = join(tempDir(), 'api.json')
  const { length } = { length: 10_000 }
  writeFileSync(
    path,
    document(...Array.from({ length }, (_, index) => sampleInteraction({ index }))),
  )
  expect(openCassetteLibrary(path).find(sampleInteraction().name)).toHaveLength(length)
})
