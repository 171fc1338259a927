const most = 1000
const longest = 200

/**
 * A test of texts that come again and again, such as the names of headers: it is made once for each.
 * Bounded: long texts are tested each time, and after many all are forgotten.
 *
 * @param test pure
 */
export function remembered(test: (text: string) => boolean): (text: string) => boolean {
  const known = new Map<string, boolean>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const result = test(text)
    if (text.length > longest) return result
    if (known.size === most) known.clear()
    // A copy: what was cut out of a long text would keep all of that in memory.
    known.set(Buffer.from(text, 'utf16le').toString('utf16le'), result)
    return result
  }
}
