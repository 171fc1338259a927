import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cassettePath, testCassettePath, testFileOf } from '../../src/runner/cassette-path.ts'
import { CassettePathError } from '../../src/storage/cassette-path-error.ts'
import { tempDir } from '../support/temp-dir.ts'

const root = '/project'
const place = { testFile: '/project/src/users.test.ts', root }

test('the cassette of a test file is in __cassettes__ beside it', () => {
  expect(cassettePath(place, {})).toBe('/project/src/__cassettes__/users.test.ts')
})

test('with storage file it is one file of the format', () => {
  expect(cassettePath(place, { storage: 'file' })).toBe(
    '/project/src/__cassettes__/users.test.ts.json',
  )
  expect(cassettePath(place, { storage: 'file', fileFormat: 'yaml' })).toBe(
    '/project/src/__cassettes__/users.test.ts.yaml',
  )
})

test('cassetteDir mirrors the tree of the test files', () => {
  expect(cassettePath(place, { cassetteDir: 'cassettes' })).toBe(
    '/project/cassettes/src/users.test.ts',
  )
})

test('a head comment is relative to the root, or to the test file where it starts with a dot', () => {
  expect(cassettePath(place, {}, 'fixtures/api')).toBe('/project/fixtures/api')
  expect(cassettePath(place, {}, './api.yaml')).toBe('/project/src/api.yaml')
  expect(cassettePath(place, {}, '../api')).toBe('/project/api')
})

test.each(['../../api', '/etc/api', 'fixtures/../../api', '..', '.'])(
  'a head comment that leads to %s is refused with the file and the root',
  (comment) => {
    expect(() => cassettePath(place, {}, comment)).toThrow(
      /@cassette in \/project\/src\/users\.test\.ts.*inside \/project/,
    )
  },
)

test('the cassette of a test keeps the extension of that of its file, in any case', () => {
  expect(testCassettePath('/project/api.yaml', 'reads')).toMatch(
    /^\/project\/api\/reads_[0-9a-f]{8}\.yaml$/,
  )
  expect(testCassettePath('/project/API.YAML', 'reads')).toMatch(
    /^\/project\/API\/reads_[0-9a-f]{8}\.YAML$/,
  )
})

test('cassetteDir refuses a test file outside the root, which it cannot mirror', () => {
  const outside = { testFile: '/shared/users.test.ts', root }

  expect(() => cassettePath(outside, { cassetteDir: 'cassettes' })).toThrow(/inside \/project/)
})

test('a cassetteDir outside the root is refused', () => {
  expect(() => cassettePath(place, { cassetteDir: '../shared' })).toThrow(/cassetteDir.*inside/)
})

test.each([
  [{}, undefined],
  [{ storage: 'file' as const }, undefined],
  [{ cassetteDir: 'cassettes' }, 'cassettes'],
  [{ cassetteDir: 'cassettes', storage: 'file' as const }, 'cassettes'],
])('the test file of a cassette is found back with %o', (options, cassetteDir) => {
  expect(testFileOf(cassettePath(place, options), { root, cassetteDir })).toBe(place.testFile)
})

test('a path that symbolic links lead out of the root is refused', () => {
  const [project, outside] = [tempDir(), tempDir()]
  mkdirSync(join(project, 'inside'))
  symlinkSync(outside, join(project, 'out'))
  symlinkSync(join(project, 'inside'), join(project, 'in'))
  const real = { testFile: join(project, 'a.test.ts'), root: project }

  expect(cassettePath(real, {}, 'in/api')).toBe(join(project, 'in/api'))
  expect(() => cassettePath(real, {}, 'out/api')).toThrow(CassettePathError)
  expect(() => cassettePath(real, { cassetteDir: 'out' })).toThrow(outside)
  writeFileSync(join(outside, 'api.json'), '')
  symlinkSync(join(outside, 'api.json'), join(project, 'inside', 'api.json'))
  expect(() => cassettePath(real, {}, 'inside/api.json')).toThrow(/symbolic links/)
})

test('a root that is a symbolic link itself is no obstacle', () => {
  const [project, other] = [tempDir(), tempDir()]
  symlinkSync(project, join(other, 'link'))
  const linked = { testFile: join(other, 'link', 'a.test.ts'), root: join(other, 'link') }

  expect(cassettePath(linked, {}, 'api')).toBe(join(other, 'link', 'api'))
})
