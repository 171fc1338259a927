import { isUtf8 } from 'node:buffer'

/** Bytes as they are stored. */
export type ReadableBytes = { readonly text: string } | { readonly base64: string }

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
// Any control character but tab and line ends.
const controlCharacter = /[\p{Cc}--[\t\n\r]]/v

/** UTF-8 that a person can read: no control character but tab and line ends. */
export function readableText(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined
  const text = utf8.decode(bytes)
  return controlCharacter.test(text) ? undefined : text
}

/** Bytes as text where a person can read them, else as base64. */
export function readableBytes(bytes: Uint8Array): ReadableBytes {
  const text = readableText(bytes)
  return text === undefined ? { base64: Buffer.from(bytes).toString('base64') } : { text }
}

/** The very bytes again. */
export function bytesOf(stored: ReadableBytes): Buffer {
  return 'text' in stored ? Buffer.from(stored.text) : Buffer.from(stored.base64, 'base64')
}
