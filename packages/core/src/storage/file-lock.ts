import * as fs from 'node:fs'
import { mkdir, rmdir, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import type { lock as Lock } from 'proper-lockfile'
import { loadLate } from '../load-late.ts'
import { realNow, startTimer } from '../model/real-timers.ts'
import { CassetteWriteError } from './cassette-write-error.ts'
import { errorCode } from './error-code.ts'
import { realPath } from './real-path.ts'

const pauseMs = 20
const patienceMs = 10_000
/** A lock that nobody has touched for so long was left by a process that died. */
const staleMs = 5000

/**
 * Runs a task while no other process runs one for the same file, whatever links lead there. It must
 * not keep the process busy for seconds: who cannot touch the lock is taken for dead.
 *
 * @returns what the task returns
 * @throws CassetteWriteError where the lock cannot be had in 10 s; what the task throws
 */
export async function withFileLock<Result>(
  path: string,
  task: () => Promise<Result>,
): Promise<Result> {
  const release = await acquire(realPath(path)).catch((error: unknown) => {
    throw new CassetteWriteError(path, error)
  })
  try {
    return await task()
  } finally {
    // Fails only where the lock is gone already, with the directory, say.
    await release().catch(() => undefined)
  }
}

// The library would take a copy of what a test has put into `node:fs` by then.
const { mkdir: make, rmdir: remove, rmdirSync, stat: look, utimes } = fs
const realFs = { mkdir: make, rmdir: remove, rmdirSync, stat: look, utimes }

// Without it the library would end the process.
const onCompromised = (): void => {}

async function acquire(path: string): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true })
  const lockfilePath = join(dirname(path), `.${basename(path)}.lock`)
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
      return await lockOnce(path, lockfilePath, Infinity)
    } catch (error) {
      if (errorCode(error) !== 'ELOCKED' || waitedMs >= patienceMs) throw error
    }
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    await breakStale(lockfilePath)
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    await new Promise((resolve) => void startTimer(resolve, pauseMs))
  }
}

/**
 * Removes the lock of a process that died, under a lock of its own: of two that find it stale, the
 * second would remove the one that the first has taken since. The library does just that.
 */
async function breakStale(lockfilePath: string): Promise<void> {
  if (!(await isStale(lockfilePath))) return
  const release = await lockOnce(lockfilePath, `${lockfilePath}.stale`, staleMs).catch(() => {})
  // Where somebody else is at it, or nobody may, the next attempt tells.
  if (release === undefined) return
  if (await isStale(lockfilePath)) await rmdir(lockfilePath).catch(() => undefined)
  await release().catch(() => undefined)
}

async function isStale(lockfilePath: string): Promise<boolean> {
  const found = await stat(lockfilePath).catch(() => undefined)
  return found !== undefined && found.mtimeMs < realNow() - staleMs
}

function lockOnce(path: string, lockfilePath: string, stale: number): Promise<() => Promise<void>> {
  const require = createRequire(import.meta.url)
  const { lock }: { lock: typeof Lock } = loadLate(() => require('proper-lockfile'))
  const update = staleMs / 2
  return lock(path, { fs: realFs, lockfilePath, onCompromised, realpath: false, stale, update })
}
