/** How bytes are read as text, and written again as the very same bytes. */
export interface TextCoding {
  decode(bytes: Buffer): string
  encode(text: string): Buffer
}

/** A character for each byte: takes any bytes. */
export const latin1: TextCoding = {
  decode: (bytes) => bytes.toString('latin1'),
  encode: (text) => Buffer.from(text, 'latin1'),
}

/** Only for bytes that are UTF-8. */
export const utf8: TextCoding = {
  decode: (bytes) => bytes.toString('utf8'),
  encode: (text) => Buffer.from(text),
}

const utf16le: TextCoding = {
  decode: (bytes) => bytes.toString('utf16le'),
  encode: (text) => Buffer.from(text, 'utf16le'),
}

const utf16be: TextCoding = {
  decode: (bytes) => utf16le.decode(Buffer.from(bytes).swap16()),
  encode: (text) => utf16le.encode(text).swap16(),
}

/**
 * UTF-16 where bytes are that: by their charset, their byte order mark, or every other byte being 0.
 *
 * @param charset of the content type, lower-cased; empty where there is none
 */
export function utf16Of(bytes: Buffer, charset = ''): TextCoding | undefined {
  if (bytes.length < 2 || bytes.length % 2 !== 0) return undefined
  const mark = bytes.readUInt16BE()
  if (mark === 0xfffe || charset === 'utf-16le') return utf16le
  if (mark === 0xfeff || charset === 'utf-16be') return utf16be
  const start = bytes.subarray(0, 1024)
  const zeros = [0, 1].map((parity) => start.filter((byte, at) => byte === 0 && at % 2 === parity))
  const [even = 0, odd = 0] = zeros.map(({ length }) => length)
  const most = start.length * 0.3
  if (odd > most && even === 0) return utf16le
  return even > most && odd === 0 ? utf16be : undefined
}
