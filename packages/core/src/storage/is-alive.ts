import { errorCode } from './error-code.ts'

/** Whether a process of this id runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process may not be signalled, and runs all the same.
    return errorCode(error) === 'EPERM'
  }
}
