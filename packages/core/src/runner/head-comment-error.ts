/** A `@cassette` or `@cassette-mode` comment that cannot be followed. */
export class HeadCommentError extends Error {
  override readonly name = 'HeadCommentError' as const
  readonly code = 'ERR_CASSETTE_HEAD_COMMENT'

  /**
   * @param file absolute path of the test file
   * @param line from 1
   * @param column from 1
   * @param problem whole sentences: what is wrong and what to do
   */
  constructor(file: string, line: number, column: number, problem: string) {
    super(`${file}:${line}:${column}: ${problem}`)
  }
}
