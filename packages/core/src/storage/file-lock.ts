import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import timers from 'node:timers/promises'
import type { lock as Lock } from 'proper-lockfile'
import { CassetteWriteError } from './cassette-write-error.ts'
import { errorCode } from './error-code.ts'

// Taken now, because tests put fake timers in the place of the real ones.
const wait = timers.setTimeout
const pauseMs = 20
const patienceMs = 10_000
/** A lock that nobody has touched for so long was left by a process that died. */
const staleMs = 5000

/**
 * Runs a task while no other process runs one for the same file.
 *
 * @throws CassetteWriteError where the lock cannot be had in 10 s; what the task throws
 */
export async function withFileLock(path: string, task: () => Promise<void>): Promise<void> {
  const release = await acquire(path).catch((error: unknown) => {
    throw new CassetteWriteError(path, error)
  })
  try {
    await task()
  } finally {
    // Fails only where the lock is gone already, with the directory, say.
    await release().catch(() => undefined)
  }
}

// Without it the library would end the process.
const onCompromised = (): void => {}

async function acquire(path: string): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true })
  const { lock }: { lock: typeof Lock } = createRequire(import.meta.url)('proper-lockfile')
  const lockfilePath = join(dirname(path), `.${basename(path)}.lock`)
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
      return await lock(path, { lockfilePath, onCompromised, realpath: false, stale: staleMs })
    } catch (error) {
      if (errorCode(error) !== 'ELOCKED' || waitedMs >= patienceMs) throw error
    }
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    await wait(pauseMs)
  }
}
