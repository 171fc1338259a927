import { remedyFor } from './remedy-for.ts'

/** A file that could not be written. What stood on the disk before still stands there. */
export class CassetteWriteError extends Error {
  override readonly name = 'CassetteWriteError' as const
  readonly code = 'ERR_CASSETTE_WRITE'
  /** Absolute path of the file. */
  readonly path: string

  /**
   * @param cause the error of the file system
   * @param remedy overrides the usual advice
   */
  constructor(
    path: string,
    cause: unknown,
    remedy: string = remedyFor(
      cause,
      'Check the permissions of its directory and the space on the disk.',
    ),
  ) {
    const told = cause instanceof Error ? cause.message : String(cause)
    // Behind that Node tells the name of a temporary file, another one at each attempt.
    const problem = told.replace(/, \w+ '[^']*'(?: -> '[^']*')?$/, '')
    super(`Cannot write ${path}: ${problem}. ${remedy}`, { cause })
    this.path = path
  }
}
