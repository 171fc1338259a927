/** A decoded pair; without a value where there was no `=`. */
export type Pair = readonly [name: string, value?: string]

/**
 * The pairs of a query or of a form, decoded and sorted by key, as one string. Equal keys keep the
 * order of their values, and `a`, `a=` and no `a` at all stay apart.
 */
export function sortedPairs(encoded: string): string {
  return pairsKey(decodedPairs(encoded))
}

/** What `sortedPairs` gives for decoded pairs. */
export function pairsKey(pairs: readonly Pair[]): string {
  return JSON.stringify(pairs.toSorted(([one], [other]) => compare(one, other)))
}

/** The pairs of a query or of a form, decoded, in their order. */
export function decodedPairs(encoded: string): readonly Pair[] {
  return encoded
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const cut = pair.indexOf('=')
      return cut < 0 ? [decode(pair)] : [decode(pair.slice(0, cut)), decode(pair.slice(cut + 1))]
    })
}

/** Order by code unit: the same on every machine, whatever its locale. */
export function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    // Marked with what no text decodes to: `%FF` is not `%25FF`.
    return `\ud800${spaced}`
  }
}
