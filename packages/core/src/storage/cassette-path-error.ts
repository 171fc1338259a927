/** A path that cannot be the cassette it is used as: a file where a directory must be, or the reverse. */
export class CassettePathError extends Error {
  override readonly name = 'CassettePathError' as const
  readonly code = 'ERR_CASSETTE_PATH'
  /** Absolute. */
  readonly path: string

  /**
   * @param problem what is wrong, as the end of a sentence
   * @param remedy a sentence
   */
  constructor(path: string, problem: string, remedy: string, options?: ErrorOptions) {
    super(`Cannot use the path ${path} for a cassette: ${problem}. ${remedy}`, options)
    this.path = path
  }
}
