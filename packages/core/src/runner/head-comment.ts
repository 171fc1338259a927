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

// What may stand before the first code: white space, comments, and directives.
const head = /^(?:\s+|\/\/.*|\/\*[\s\S]*?\*\/|(['"])use [\w ]+\1;?)*/
const comment = /\/\/.*|\/\*[\s\S]*?\*\//g
// At the start of a line of a comment, behind what decorates it; `@cassette-…` are other tags.
const tag = /(?<=^[^\S\n]*(?:\/\/+|\/\*+|\*)?[^\S\n]*)@cassette(?![\w-])(.*)$/gm

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
  const comments = (head.exec(text)?.[0] ?? '').matchAll(comment)
  const tags = [...comments].flatMap(({ 0: body, index }) =>
    Array.from(body.matchAll(tag), (found) => ({
      at: index + found.index,
      path: (found[1] ?? '').replace(/\*\/$/, '').trim(),
    })),
  )
  const [first, second] = tags
  if (first === undefined) return undefined
  if (second !== undefined || /\s@cassette(?![\w-])/.test(first.path)) {
    throw errorAt(
      second?.at ?? first.at,
      'A test file has one cassette, and this is the second @cassette comment. Keep one.',
    )
  }
  if (first.path === '' || first.path.startsWith(':')) {
    throw errorAt(
      first.at,
      'The @cassette comment names no path. Write one: // @cassette fixtures/api',
    )
  }
  return first.path

  function errorAt(at: number, problem: string): HeadCommentError {
    const lines = text.slice(0, at).split('\n')
    return new HeadCommentError(file, lines.length, (lines.at(-1) ?? '').length + 1, problem)
  }
}
