const magic = 0xfd2fb528
const dictionaryIdSizes = [0, 1, 2, 4]
const contentSizes = [0, 2, 4, 8]
const repeatedByte = 1

/**
 * Whether bytes are one Zstandard frame (RFC 8878 3.1.1), whole and with nothing behind it. Node 22
 * takes a frame that is cut short for the whole, and Node 24 leaves out all frames but the first.
 */
export function isWholeZstdFrame(bytes: Buffer): boolean {
  if (bytes.length < 5 || bytes.readUInt32LE(0) !== magic) return false
  const descriptor = bytes[4]!
  const isSingleSegment = (descriptor & 0x20) !== 0
  const hasChecksum = (descriptor & 0x04) !== 0
  const contentSize = contentSizes[descriptor >> 6]!
  // One segment has no window descriptor, and always tells its content size.
  const lead = isSingleSegment ? Math.max(contentSize, 1) : contentSize + 1
  let at = 5 + lead + dictionaryIdSizes[descriptor & 3]!
  for (let isLast = false; !isLast;) {
    if (at + 3 > bytes.length) return false
    const header = bytes.readUIntLE(at, 3)
    isLast = (header & 1) === 1
    at += 3 + (((header >> 1) & 3) === repeatedByte ? 1 : header >> 3)
  }
  return at + (hasChecksum ? 4 : 0) === bytes.length
}
