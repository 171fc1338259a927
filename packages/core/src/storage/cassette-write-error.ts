/** A file that could not be written. What stood on the disk before still stands there. */
export class CassetteWriteError extends Error {
  override readonly name = 'CassetteWriteError' as const
  readonly code = 'ERR_CASSETTE_WRITE'
  /** Absolute path of the file. */
  readonly path: string

  /** @param cause the error of the file system */
  constructor(path: string, cause: unknown) {
    const problem = cause instanceof Error ? cause.message : String(cause)
    const remedy = 'Check the permissions of its directory and the space on the disk.'
    super(`Cannot write ${path}: ${problem}. ${remedy}`, { cause })
    this.path = path
  }
}
