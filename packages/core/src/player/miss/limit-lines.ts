// What could move the cursor of a terminal or break a line; tabs are harmless.
const control = /(?!\t)\p{Cc}/gu

/** At most so many lines, the last of them telling how many were cut. */
export function limitLines(lines: readonly string[], most: number): readonly string[] {
  if (lines.length <= most) return lines
  const kept = lines.slice(0, most - 1)
  const indent = /^ */.exec(kept.at(-1) ?? '')?.[0] ?? ''
  return [...kept, `${indent}… ${lines.length - kept.length} more lines`]
}

/** The start of a text that is too long for a line. */
export function shortened(text: string, most = 200): string {
  return text.length > most ? `${text.slice(0, most)}…` : text
}

/** A line as a terminal can show it and an XML report can hold it. */
export function withoutControl(line: string): string {
  return line.replaceAll(control, (character) => JSON.stringify(character).slice(1, -1))
}
