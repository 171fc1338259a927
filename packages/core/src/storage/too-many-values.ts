/**
 * How many values a file may hold, about: in memory each takes up to some hundred bytes, however few
 * it has in the file.
 */
export const maxValues: number = 2_000_000
// Fewer bytes cannot hold more.
const harmlessSize = 2 * maxValues

const [quote, backslash] = ['"', '\\'].map((character) => character.charCodeAt(0))
const marks = new Set(Array.from(',[{', (character) => character.charCodeAt(0)))

/** The byte from which on a JSON text has more values than that; to parse it might exhaust the memory. */
export function tooManyFrom(json: string | Buffer): number | undefined {
  if (json.length < harmlessSize) return undefined
  const bytes = typeof json === 'string' ? Buffer.from(json) : json
  let values = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!
    if (byte === quote) at = endOfString(bytes, at + 1)
    else if (marks.has(byte)) values += 1
    if (values > maxValues) return at
  }
  return undefined
}

function endOfString(bytes: Buffer, start: number): number {
  for (let end = bytes.indexOf('"', start); end >= 0; end = bytes.indexOf('"', end + 1)) {
    let first = end
    while (bytes[first - 1] === backslash) first -= 1
    if ((end - first) % 2 === 0) return end
  }
  return bytes.length
}
