import { errorCode } from './error-code.ts'

/**
 * What to do about an error of the file system. Where the process has too many files open, nothing is
 * wrong with the one that it could not open as well.
 */
export function remedyFor(cause: unknown, usual: string): string {
  return ['EMFILE', 'ENFILE'].includes(errorCode(cause) ?? '')
    ? 'Close files and connections that are done with, or raise the limit (`ulimit -n`).'
    : usual
}
