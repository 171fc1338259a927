// GraphQL specification, 2.1: a byte order mark, white space, line ends, commas and comments mean
// nothing.
const ignored = /(?:[\uFEFF\t\n\r ,]+|#[^\n\r]*)+/y
const token =
  /"""[^"\\]*(?:(?:\\"""|\\|"(?!""))[^"\\]*)*"""|"[^"\\\n\r]*(?:\\.[^"\\\n\r]*)*"|[A-Za-z_]\w*|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\.\.|[!$&()=:@[\]{|}]/y
const firstTokens = new Set(['{', 'query', 'mutation', 'subscription', 'fragment'])

/**
 * A GraphQL document without what has no meaning in it: its tokens with one space between them.
 * Strings stay as they are written.
 *
 * @returns `undefined` for a text that is no such document
 */
export function normalisedDocument(text: string): string | undefined {
  const tokens: string[] = []
  let depth = 0
  for (let at = skip(text, 0); at < text.length; at = skip(text, at)) {
    token.lastIndex = at
    const found = token.exec(text)?.[0]
    if (found === undefined) return undefined
    tokens.push(found)
    at += found.length
    if (found === '{') depth += 1
    if (found === '}') depth -= 1
    if (depth < 0) return undefined
  }
  const isDocument = firstTokens.has(tokens[0] ?? '') && tokens.at(-1) === '}' && depth === 0
  return isDocument ? tokens.join(' ') : undefined
}

function skip(text: string, at: number): number {
  ignored.lastIndex = at
  return ignored.test(text) ? ignored.lastIndex : at
}
