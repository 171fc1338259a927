/** Tells a place in a text to a person; both numbers count from 1. */
export function lineAndColumn(text: string, offset: number): string {
  const lines = text.slice(0, offset).split(/\r\n?|\n/)
  return `line ${lines.length}, column ${lines.at(-1)!.length + 1}`
}
