/** How much of two lists is equal from their start, from 0 to 1. */
export function sharedStart(one: readonly string[], other: readonly string[]): number {
  const longest = Math.max(one.length, other.length)
  const end = one.findIndex((step, at) => step !== other[at])
  return (end < 0 ? one.length : end) / longest
}

/** How alike two texts are, from 0 to 1: the part of their words that both have (Dice). */
export function likeness(one: string, other: string): number {
  const ours = wordsOf(one)
  const theirs = wordsOf(other)
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

function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}_]+/gu) ?? []
}
