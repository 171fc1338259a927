const lineEnd = /\r\n?|\n/g

/** Tells a place in a text to a person; both numbers count from 1. */
export function lineAndColumn(text: string, offset: number): string {
  let line = 1
  let start = 0
  // One after the other: a list of the lines of a large file would not fit into the memory.
  for (const match of text.slice(0, offset).matchAll(lineEnd)) {
    line += 1
    start = match.index + match[0].length
  }
  return `line ${line}, column ${offset - start + 1}`
}
