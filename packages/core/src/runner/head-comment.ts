/** A `@cassette` comment that cannot be used. */
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

// What may stand before the first code: white space, comments, and a directive.
const head = /^(?:\s+|\/\/.*|\/\*[\s\S]*?\*\/|(['"])use strict\1;?)*/
const pragma = /^(\s*(?:\/\/|\/\*\*?|\*)\s*)@cassette(?:$|[^\S\n]+(.*?))[^\S\n]*(?:\*\/[^\n]*)?$/

/**
 * The path that a test file asks for with `// @cassette <path>`, or with the same tag in a block
 * comment, before its first code.
 *
 * @param source text of the test file
 * @param file its path, for messages
 * @returns `undefined` where there is no such comment
 * @throws HeadCommentError where there is no path behind the tag, or more than one tag
 */
export function headComment(source: string, file: string): string | undefined {
  const text = source.replace(/^\uFEFF?(#!.*)?/, (start) => ' '.repeat(start.length))
  const found = (head.exec(text)?.[0] ?? '').split(/\r?\n/).flatMap((line, at) => {
    const match = pragma.exec(line)
    return match === null
      ? []
      : [{ line: at + 1, column: match[1]!.length + 1, path: match[2] ?? '' }]
  })
  const [first, second] = found
  if (second !== undefined) {
    const problem =
      'A test file has one cassette, and this is the second @cassette comment. Keep one.'
    throw new HeadCommentError(file, second.line, second.column, problem)
  }
  if (first?.path === '') {
    const problem = 'The @cassette comment names no path. Write one: // @cassette fixtures/api'
    throw new HeadCommentError(file, first.line, first.column, problem)
  }
  return first?.path
}
