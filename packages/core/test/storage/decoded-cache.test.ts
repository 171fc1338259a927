import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DecodedCache } from '../../src/storage/decoded-cache.ts'
import { openCassetteLibrary } from '../../src/storage/open-cassette-library.ts'
import { sampleInteraction } from '../support/interaction.ts'
import { tempDir } from '../support/temp-dir.ts'

test('a value is there for its path and content alone', () => {
  const cache = new DecodedCache<string>(100)
  cache.set('/a', 'digest', 10, 'value')
  expect(cache.get('/a', 'digest')).toBe('value')
  expect(cache.get('/a', 'other')).toBeUndefined()
  expect(cache.get('/b', 'digest')).toBeUndefined()
})

test('what was not asked for longest is forgotten when the files get too large', () => {
  const cache = new DecodedCache<string>(100)
  for (const path of ['/a', '/b', '/c']) cache.set(path, 'd', 30, path)
  cache.get('/a', 'd')
  cache.set('/d', 'd', 30, '/d')
  expect(['/a', '/b', '/c', '/d'].map((path) => cache.get(path, 'd'))).toEqual([
    '/a',
    undefined,
    '/c',
    '/d',
  ])
})

test('a file that is larger than the whole cache pushes nothing out', () => {
  const cache = new DecodedCache<string>(100)
  cache.set('/a', 'd', 30, 'a')
  cache.set('/big', 'd', 101, 'big')
  expect([cache.get('/a', 'd'), cache.get('/big', 'd')]).toEqual(['a', undefined])
})

test('the old content of a path does not count on', () => {
  const cache = new DecodedCache<number>(100)
  for (let version = 0; version < 50; version += 1) cache.set('/a', String(version), 60, version)
  cache.set('/b', 'd', 40, -1)
  expect([cache.get('/a', '49'), cache.get('/b', 'd')]).toEqual([49, -1])
})

test('a file that did not change is decoded once per process, and a changed one anew', () => {
  const path = join(tempDir(), 'api.json')
  const write = (text: string): void =>
    writeFileSync(
      path,
      JSON.stringify({ cassette: 1, interactions: [sampleInteraction({ body: { text } })] }),
    )
  write('one')
  const [first] = openCassetteLibrary(path).interactions()
  expect(openCassetteLibrary(path).interactions()[0]).toBe(first)
  write('two')
  expect(openCassetteLibrary(path).interactions()[0]!.response?.body).toEqual({ text: 'two' })
})
