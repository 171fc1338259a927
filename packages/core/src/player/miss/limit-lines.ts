const longestLine = 240
// What could move the cursor of a terminal or break a line; tabs are harmless.
const control = /(?!\t)\p{Cc}/gu

/** At most so many lines, the last of them telling how many were cut. */
export function limitLines(lines: readonly string[], most: number): readonly string[] {
  if (lines.length <= most) return lines
  const kept = lines.slice(0, most - 1)
  const indent = /^ */.exec(kept.at(-1) ?? '')?.[0] ?? ''
  return [...kept, `${indent}… ${lines.length - kept.length} more lines`]
}

/** A line that a terminal can show: not too long, and no control characters. */
export function showableLine(line: string): string {
  const short = line.length > longestLine ? `${line.slice(0, longestLine)}…` : line
  return short.replaceAll(control, (character) => JSON.stringify(character).slice(1, -1))
}
