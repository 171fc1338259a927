/** A stretch of a text and what comes in its place. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** A text that came in pieces: all of it, and the offset at which each piece ends. */
export interface CutText {
  readonly text: string
  readonly cuts: readonly number[]
}

/** The text with its edits made; of edits that overlap the first one counts. */
export function withEdits(text: string, edits: readonly Edit[]): string {
  return withCutEdits({ text, cuts: [] }, edits).text
}

/**
 * The text with its edits made, cut where it was cut. A cut inside of an edit moves behind it: the
 * new text stays in the piece in which the old one began.
 */
export function withCutEdits(cut: CutText, edits: readonly Edit[]): CutText {
  if (edits.length === 0) return cut
  const { text, cuts } = cut
  const inOrder = edits.toSorted((one, other) => one.start - other.start)
  const pieces: string[] = []
  const moved: number[] = []
  let done = 0
  let length = 0
  let next = 0
  const copyTo = (end: number): void => {
    for (; next < cuts.length && cuts[next]! <= end; next += 1) {
      moved.push(length + cuts[next]! - done)
    }
    pieces.push(text.slice(done, end))
    length += end - done
    done = end
  }
  for (const edit of inOrder) {
    if (edit.start < done) continue
    copyTo(edit.start)
    pieces.push(edit.text)
    length += edit.text.length
    done = edit.end
    for (; next < cuts.length && cuts[next]! < edit.end; next += 1) moved.push(length)
  }
  copyTo(text.length)
  return { text: pieces.join(''), cuts: moved }
}

/** The pieces of a cut text. */
export function piecesOf({ text, cuts }: CutText): string[] {
  return cuts.map((cut, at) => text.slice(cuts[at - 1] ?? 0, cut))
}

/**
 * One edit for each match of a pattern that has a replacement.
 *
 * @param pattern global, with the flag `d` where it has the group `secret`: that alone is replaced then
 * @param replace gives the new text, or `undefined` to leave the old one
 */
export function editsOf(
  text: string,
  pattern: RegExp,
  replace: (secret: string, match: RegExpExecArray) => string | undefined,
): Edit[] {
  const edits: Edit[] = []
  // Not `matchAll`, which copies the pattern: most texts are short, and patterns are many.
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    if (match[0] === '') pattern.lastIndex += 1
    const [start, end] = match.indices?.groups?.['secret'] ?? [
      match.index,
      match.index + match[0].length,
    ]
    const secret = text.slice(start, end)
    const replacement = replace(secret, match)
    if (replacement !== undefined && replacement !== secret) {
      edits.push({ start, end, text: replacement })
    }
  }
  return edits
}
