/**
 * How much a file may hold: in memory a value takes more than in the file, an empty object 56 bytes
 * for two. A list item counts one, a field three, a list or an object of its own four more.
 */
const maxValues = 8_000_000
const weights = new Map(
  Object.entries({ ',': 1, ':': 2, '[': 4, '{': 4 }).map(([mark, weight]) => [
    mark.charCodeAt(0),
    weight,
  ]),
)
// Fewer bytes cannot hold more.
const harmlessSize = maxValues / Math.max(...weights.values())

const [quote, backslash] = ['"', '\\'].map((character) => character.charCodeAt(0))

/** The byte from which on a JSON text has more values than that; to parse it might exhaust the memory. */
export function tooManyFrom(json: string | Buffer): number | undefined {
  if (json.length < harmlessSize) return undefined
  const bytes = typeof json === 'string' ? Buffer.from(json) : json
  let values = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!
    if (byte === quote) at = endOfString(bytes, at + 1)
    else values += weights.get(byte) ?? 0
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
