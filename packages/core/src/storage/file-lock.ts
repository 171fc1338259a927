import { randomUUID } from 'node:crypto'
import { mkdir, rename, rmdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import timers from 'node:timers/promises'
import { CassetteWriteError } from './cassette-write-error.ts'
import { errorCode } from './error-code.ts'

// Taken now, because tests put fake timers in the place of the real ones.
const wait = timers.setTimeout
const pause = 10
// A holder needs milliseconds; one that is seen this often has died.
const patience = 500

/**
 * Runs a task while no other process runs one for the same file.
 *
 * @throws CassetteWriteError where the lock cannot be had
 */
export async function withFileLock(path: string, task: () => Promise<void>): Promise<void> {
  const lock = join(dirname(path), `.${basename(path)}.lock`)
  try {
    await mkdir(dirname(path), { recursive: true })
    await acquire(lock)
  } catch (error) {
    throw new CassetteWriteError(path, error)
  }
  try {
    await task()
  } finally {
    await rmdir(lock).catch(() => undefined)
  }
}

async function acquire(lock: string, lastHolder?: number, seen = 0): Promise<void> {
  if (await isMade(lock)) return undefined
  const holder = await stat(lock).then(
    ({ ino }) => ino,
    () => undefined,
  )
  const seenNow = holder === lastHolder ? seen + 1 : 0
  await (seenNow > patience ? breakLock(lock) : wait(pause))
  return acquire(lock, holder, seenNow)
}

async function isMade(lock: string): Promise<boolean> {
  try {
    await mkdir(lock)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
}

/** Of several that break the same lock one wins, because only one can rename it. */
async function breakLock(lock: string): Promise<void> {
  const broken = `${lock}-${randomUUID()}`
  await rename(lock, broken).then(
    () => rmdir(broken),
    () => undefined,
  )
}
