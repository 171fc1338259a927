import { recordModes, type RecordMode } from '../model/record-mode.ts'
import { HeadCommentError } from './head-comment-error.ts'

/** What a test file says of its cassette before its first code. */
export interface HeadComment {
  /** `@cassette <path>`, as it stands there. */
  readonly path?: string
  /** `@cassette off`: the file has no cassette, and its requests go to the network. */
  readonly isOff?: true
  /** `@cassette-mode <mode>`. */
  readonly recordMode?: RecordMode
}

interface Tag {
  /** Offset in the text. */
  readonly at: number
  readonly name: string
  readonly value: string
}

// What may stand before the first code: white space, comments, and directives.
const head = /^(?:\s+|\/\/.*|\/\*[\s\S]*?\*\/|(['"])use [\w ]+\1;?)*/
const comment = /\/\/.*|\/\*[\s\S]*?\*\//g
// At the start of a line of a comment, behind what decorates it; `@cassette/core` is a package.
const tag = /(?<=^[^\S\n]*(?:\/\/+|\/\*+|\*)?[^\S\n]*)@(cassette(?:-[\w-]*)?)(?![\w/])(.*)$/gm

/**
 * Reads `// @cassette <path>`, `// @cassette off` and `// @cassette-mode <mode>`, or the same tags
 * in a block comment, before the first code of a test file.
 *
 * @param source text of the test file
 * @param file its path, for messages
 * @returns what the file says; nothing where it has no such comment
 * @throws HeadCommentError for a tag without a value, a second one, an unknown tag or mode
 */
export function headComment(source: string, file: string): HeadComment {
  const text = source.replace(/^\uFEFF?(#!.*)?/, (start) => ' '.repeat(start.length))
  const tags = tagsIn(text)
  const unknown = tags.find(({ name }) => name !== 'cassette' && name !== 'cassette-mode')
  if (unknown !== undefined) {
    throw errorAt(unknown.at, `There is no @${unknown.name}. Use @cassette or @cassette-mode.`)
  }
  const path = only('cassette', 'fixtures/api')
  const mode = only('cassette-mode', 'none')
  if (path?.value === 'off') {
    if (mode === undefined) return { isOff: true }
    throw errorAt(mode.at, 'A file whose cassette is off has no mode. Keep one of the two.')
  }
  return {
    ...(path === undefined ? {} : { path: path.value }),
    ...(mode === undefined ? {} : { recordMode: modeOf(mode) }),
  }

  function only(name: string, example: string): Tag | undefined {
    const [first, second] = tags.filter((one) => one.name === name)
    if (first === undefined) return undefined
    if (second !== undefined || / @cassette(?![\w/])/.test(first.value)) {
      const kind = name === 'cassette' ? 'cassette' : 'mode'
      throw errorAt(
        second?.at ?? first.at,
        `A test file has one ${kind}, and this is the second @${name} comment. Keep one.`,
      )
    }
    if (first.value !== '' && !first.value.startsWith(':')) return first
    const missing = name === 'cassette' ? 'path' : 'mode'
    throw errorAt(
      first.at,
      `The @${name} comment names no ${missing}. Write one: // @${name} ${example}`,
    )
  }

  function modeOf({ at, value }: Tag): RecordMode {
    const known = recordModes.find((one) => one === value)
    if (known !== undefined) return known
    throw errorAt(at, `There is no mode '${value}'. Use one of ${recordModes.join(', ')}.`)
  }

  function errorAt(at: number, problem: string): HeadCommentError {
    const lines = text.slice(0, at).split('\n')
    return new HeadCommentError(file, lines.length, (lines.at(-1) ?? '').length + 1, problem)
  }
}

function tagsIn(text: string): Tag[] {
  const comments = (head.exec(text)?.[0] ?? '').matchAll(comment)
  return [...comments].flatMap(({ 0: body, index }) =>
    Array.from(body.matchAll(tag), ({ 1: name = '', 2: rest = '', index: offset }) => ({
      at: index + offset,
      name,
      value: rest.replace(/\*\/$/, '').trim(),
    })),
  )
}
