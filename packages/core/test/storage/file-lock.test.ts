import { mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { CassetteWriteError } from '../../src/storage/cassette-write-error.ts'
import { withFileLock } from '../../src/storage/file-lock.ts'
import { tempDir } from '../support/temp-dir.ts'

test('one at a time holds the lock of a file, also of one that several paths lead to', async () => {
  const path = join(tempDir(), 'api.json')
  const link = join(tempDir(), 'link.json')
  writeFileSync(path, '')
  symlinkSync(path, link)
  const log: string[] = []
  const hold = (name: string, at: number): Promise<void> =>
    withFileLock([path, link][at % 2]!, async () => {
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

test('the lock of a process that died is broken', async () => {
  const directory = tempDir()
  const path = join(directory, 'api.json')
  const lock = join(directory, '.api.json.lock')
  mkdirSync(lock)
  utimesSync(lock, 1, 1)
  let hasRun = false

  await withFileLock(path, async () => {
    hasRun = true
  })

  expect(hasRun).toBe(true)
  expect(readdirSync(directory)).toEqual([])
})

test('those who wait for the lock of a process that died still get it one at a time', async () => {
  const directory = tempDir()
  for (let round = 0; round < 20; round += 1) {
    const path = join(directory, `${round}.json`)
    const lock = join(directory, `.${round}.json.lock`)
    mkdirSync(lock)
    utimesSync(lock, 1, 1)
    let [inside, most] = [0, 0]
    const hold = (): Promise<void> =>
      withFileLock(path, async () => {
        inside += 1
        most = Math.max(most, inside)
        await wait(5)
        inside -= 1
      })

    await Promise.all([hold(), hold(), hold(), hold()])

    expect(most).toBe(1)
  }
  expect(readdirSync(directory)).toEqual([])
})

test('a lock that another holds is waited for, fake timers or not', async () => {
  const path = join(tempDir(), 'api.json')
  const log: string[] = []
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })

  await Promise.all(
    ['a', 'b'].map((name) =>
      withFileLock(path, async () => {
        await wait(30)
        log.push(name)
      }),
    ),
  )

  expect(log.toSorted()).toEqual(['a', 'b'])
})

test('a lock is not old by the clock of a test', async () => {
  const path = join(tempDir(), 'api.json')
  const log: string[] = []
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2100-01-01') })
  onTestFinished(() => {
    vi.useRealTimers()
  })

  await Promise.all(
    ['a', 'b'].map((name) =>
      withFileLock(path, async () => {
        log.push(name)
        await wait(60)
        log.push(name)
      }),
    ),
  )

  expect(log.slice(0, 2)).toEqual([log[0], log[0]])
})

test('a lock that cannot be had in 10 s is an error that names the file', async () => {
  const path = join(tempDir(), 'api.json')
  const held = Promise.withResolvers<void>()
  const taken = Promise.withResolvers<void>()
  const owner = withFileLock(path, async () => {
    taken.resolve()
    await held.promise
  })
  await taken.promise

  const refused = withFileLock(path, async () => {})

  await expect(refused).rejects.toBeInstanceOf(CassetteWriteError)
  await expect(refused).rejects.toThrow(`Cannot write ${path}`)
  held.resolve()
  await owner
}, 60_000)
