import type { ReadableBytes } from './readable-bytes.ts'
import type { TimedBytes } from './timed-bytes.ts'

/** In characters; a multiple of 4, so that base64 can be cut there. */
const pieceLength = 256 * 1024

/** Stored bytes in pieces of some 256 KiB, each decoded when it is read and not kept. */
export function bytePieces(stored: ReadableBytes): TimedBytes[] {
  const text = 'text' in stored ? stored.text : stored.base64
  const coding = 'text' in stored ? 'utf8' : 'base64'
  const pieces: TimedBytes[] = []
  for (let start = 0; start < text.length || pieces.length === 0;) {
    const from = start
    const to = pieceEnd(text, start + pieceLength)
    pieces.push({
      afterMs: 0,
      get bytes() {
        return Buffer.from(text.slice(from, to), coding)
      },
      get size() {
        return Buffer.byteLength(text.slice(from, to), coding)
      },
    })
    start = to
  }
  return pieces
}

/** Never between the two halves of a character. */
function pieceEnd(text: string, at: number): number {
  const last = text.charCodeAt(at - 1)
  return last >= 0xd8_00 && last <= 0xdb_ff ? at + 1 : at
}
