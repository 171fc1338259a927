import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createFile, deleteFile, replaceFile } from '../../src/storage/atomic-write.ts'
import { tempDir } from '../support/temp-dir.ts'

test('a file is written with its directory, and nothing else is left', async () => {
  const directory = tempDir()
  const path = join(directory, 'a', 'b', 'file.json')
  await replaceFile(path, 'text')
  await replaceFile(path, 'other')
  expect(readFileSync(path, 'utf8')).toBe('other')
  expect(readdirSync(join(directory, 'a', 'b'))).toEqual(['file.json'])
})

test('who reads while others write sees one whole text', async () => {
  const path = join(tempDir(), 'file.json')
  const texts = Array.from({ length: 20 }, (_, at) => String(at % 10).repeat(100_000))
  await replaceFile(path, texts[0]!)
  const state = { isDone: false }
  const writes = Promise.all(texts.map((text) => replaceFile(path, text))).finally(() => {
    state.isDone = true
  })
  while (!state.isDone) {
    expect(texts.includes(readFileSync(path, 'utf8'))).toBe(true)
    await new Promise(setImmediate)
  }
  await writes
})

test('a file that is replaced keeps its permissions, and a link to it stays a link', async () => {
  const directory = tempDir()
  const [target, path] = [join(directory, 'elsewhere', 'real.json'), join(directory, 'link.json')]
  mkdirSync(join(directory, 'elsewhere'))
  writeFileSync(target, 'old', { mode: 0o600 })
  symlinkSync(target, path)
  await replaceFile(path, 'new')
  expect(lstatSync(path).isSymbolicLink()).toBe(true)
  expect(readFileSync(target, 'utf8')).toBe('new')
  expect(statSync(target).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(directory, 'elsewhere'))).toEqual(['real.json'])
})

test('a write that fails leaves no temporary file and tells the path and what to do', async () => {
  const directory = tempDir()
  const path = join(directory, 'taken')
  mkdirSync(join(path, 'inside'), { recursive: true })
  const write = replaceFile(path, 'text')
  await expect(write).rejects.toMatchObject({
    name: 'CassetteWriteError',
    code: 'ERR_CASSETTE_WRITE',
    path,
    cause: { code: expect.stringMatching(/EISDIR|EPERM|EEXIST/) as unknown },
  })
  await expect(write).rejects.toThrow(/^Cannot write .*taken: .*Check the permissions/)
  expect(readdirSync(directory)).toEqual(['taken'])
})

const failing = (code: string) => (): Promise<void> =>
  Promise.reject(Object.assign(new Error('operation not supported'), { code }))
const noLinks = failing('ENOTSUP')

test.each([
  ['with hard links', undefined],
  ['on a file system without hard links', noLinks],
  ['on exFAT in Windows', failing('EISDIR')],
])('a new file never goes over another one, %s', async (_, link) => {
  const directory = tempDir()
  const path = join(directory, 'new', 'file.json')
  const results = await Promise.all(['a', 'b', 'c'].map((text) => createFile(path, text, link)))
  expect(results.filter(Boolean)).toHaveLength(1)
  const text = readFileSync(path, 'utf8')
  expect(await createFile(path, 'd', link)).toBe(false)
  expect(readFileSync(path, 'utf8')).toBe(text)
  expect(readdirSync(join(directory, 'new'))).toEqual(['file.json'])
})

test('without hard links a new file is whole at every moment', async () => {
  const path = join(tempDir(), 'file.json')
  const text = 'x'.repeat(5_000_000)
  const state = { isDone: false }
  const sizes = new Set<number>()
  const write = createFile(path, text, noLinks).finally(() => {
    state.isDone = true
  })
  while (!state.isDone) {
    sizes.add(statSync(path, { throwIfNoEntry: false })?.size ?? text.length)
    await new Promise(setImmediate)
  }
  expect(await write).toBe(true)
  expect([...sizes]).toEqual([text.length])
})

test('deleting what is not there is fine; what cannot be deleted is an error', async () => {
  const directory = tempDir()
  await deleteFile(join(directory, 'missing.json'))
  await expect(deleteFile(directory)).rejects.toThrow(/^Cannot write/)
  expect(existsSync(directory)).toBe(true)
})
