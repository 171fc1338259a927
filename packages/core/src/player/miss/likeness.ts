/** How much of two lists is equal from their start, from 0 to 1. */
export function sharedStart(one: readonly string[], other: readonly string[]): number {
  const longest = Math.max(one.length, other.length)
  const end = one.findIndex((step, at) => step !== other[at])
  return (end < 0 ? one.length : end) / longest
}

/**
 * How alike two texts are, from 0 to 1: the part of their words, and of the pairs of words that stand
 * side by side, that both have (Dice). By words alone `x=1&y=2` would be `x=2&y=1`.
 */
export function likeness(one: string, other: string): number {
  const ours = piecesOf(one)
  const theirs = piecesOf(other)
  if (ours.length + theirs.length === 0) return 1
  const left = new Map<string, number>()
  for (const word of ours) left.set(word, (left.get(word) ?? 0) + 1)
  let shared = 0
  for (const word of theirs) {
    const count = left.get(word) ?? 0
    if (count > 0) shared += 1
    left.set(word, count - 1)
  }
  return (2 * shared) / (ours.length + theirs.length)
}

function piecesOf(text: string): readonly string[] {
  const words: readonly string[] = text.match(/[\p{L}\p{N}_]+/gu) ?? []
  return [...words, ...words.slice(1).map((word, at) => `${words[at]} ${word}`)]
}
