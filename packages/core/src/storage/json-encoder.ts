import type { Encoder } from '../model/encoder.ts'
import { jsonErrorOffset } from './json-error-offset.ts'
import { lineAndColumn } from './line-and-column.ts'

// A line end never stands inside a JSON string, so `[` before one always opens an array.
const shortPair =
  /\[\n\s+("(?:[^"\\\n]|\\.){0,200}"),\n\s+("(?:[^"\\\n]|\\.){0,200}")\n\s+\](?=[,\n])/g

/** JSON: indented by two spaces, a pair of short strings (a header) on one line. */
export const jsonEncoder: Encoder = {
  format: 'json',
  extensions: ['.json'],
  encode: (value) => `${JSON.stringify(value, null, 2).replaceAll(shortPair, '[$1, $2]')}\n`,
  decode(text): unknown {
    try {
      return JSON.parse(text)
    } catch (cause) {
      const offset = jsonErrorOffset(text)
      const found =
        offset < text.length ? `unexpected ${JSON.stringify(text[offset])}` : 'unexpected end'
      throw new SyntaxError(`${found} at ${lineAndColumn(text, offset)}`, { cause })
    }
  },
}
