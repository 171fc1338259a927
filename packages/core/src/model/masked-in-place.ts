import { bytesOf, type ReadableBytes } from './readable-bytes.ts'

/**
 * Takes out what a change of the text takes out, and keeps the number of bytes: a protocol that
 * nobody here knows may tell lengths. All from the first difference to the last becomes asterisks.
 */
export function maskedInPlace<Stored extends ReadableBytes>(
  stored: Stored,
  change: (text: string) => string,
): Stored {
  const bytes = bytesOf(stored)
  const encoding = 'text' in stored ? 'utf8' : 'latin1'
  const text = bytes.toString(encoding)
  const changedText = change(text)
  if (changedText === text) return stored
  const changed = Buffer.from(changedText, encoding)
  const most = Math.min(bytes.length, changed.length)
  let start = 0
  while (start < most && bytes[start] === changed[start]) start += 1
  let end = 0
  while (end < most - start && bytes.at(-1 - end) === changed.at(-1 - end)) end += 1
  bytes.fill('*', start, bytes.length - end)
  return 'text' in stored
    ? { ...stored, text: bytes.toString() }
    : { ...stored, base64: bytes.toString('base64') }
}
