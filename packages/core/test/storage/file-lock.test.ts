import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { withFileLock } from '../../src/storage/file-lock.ts'
import { tempDir } from '../support/temp-dir.ts'

test('one at a time holds the lock of a file', async () => {
  const path = join(tempDir(), 'api.json')
  const log: string[] = []
  const hold = (name: string): Promise<void> =>
    withFileLock(path, async () => {
      log.push(`${name} in`)
      await wait(5)
      log.push(`${name} out`)
    })
  await Promise.all(['a', 'b', 'c', 'd'].map(hold))
  const pairs = [0, 2, 4, 6].map((at) => log.slice(at, at + 2).map((entry) => entry[0]))
  expect(pairs.every(([one, other]) => one === other)).toBe(true)
})

test('the lock is given back when the task fails', async () => {
  const directory = tempDir()
  const path = join(directory, 'api.json')
  await expect(withFileLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(readdirSync(directory)).toEqual([])
})

test('the lock of a process that died is broken after a while, fake timers or not', async () => {
  const directory = tempDir()
  const path = join(directory, 'api.json')
  mkdirSync(join(directory, '.api.json.lock'))
  vi.useFakeTimers()
  try {
    let hasRun = false
    await withFileLock(path, () => {
      hasRun = true
      return Promise.resolve()
    })
    expect(hasRun).toBe(true)
  } finally {
    vi.useRealTimers()
  }
  expect(readdirSync(directory)).toEqual([])
})
