/** A cassette that is there but cannot be read. It is never treated as absent and never overwritten. */
export class CassetteDecodeError extends Error {
  override readonly name = 'CassetteDecodeError' as const
  readonly code = 'ERR_CASSETTE_DECODE'
  /** Absolute path of the file. */
  readonly path: string
  /** What is wrong, without the file and the advice. */
  readonly problem: string

  /**
   * @param problem what is wrong, with its place in the file, as the end of a sentence
   * @param remedy overrides the usual advice
   */
  constructor(
    path: string,
    problem: string,
    options?: ErrorOptions & { remedy?: string | undefined },
  ) {
    const remedy =
      options?.remedy ?? 'Mend it, restore it from version control, or delete it to record anew.'
    super(`Cannot read the cassette ${path}: ${problem}. ${remedy}`, options)
    // Its frames would be Cassette's own; the place that counts is in the file.
    this.stack = `${this.name}: ${this.message}`
    this.path = path
    this.problem = problem
  }
}
