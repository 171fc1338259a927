import { bytesOf, type ReadableBytes } from './readable-bytes.ts'
import type { TimedBytes } from './timed-bytes.ts'

/** In characters; a multiple of 4, so that base64 can be cut there. */
const pieceLength = 256 * 1024

/** Stored bytes in pieces, each of which is decoded when it is read and not kept. */
export function bytePieces(stored: ReadableBytes): TimedBytes[] {
  const text = 'text' in stored ? stored.text : stored.base64
  if (text.length <= pieceLength) return [{ afterMs: 0, bytes: bytesOf(stored) }]
  const pieces: TimedBytes[] = []
  for (let start = 0; start < text.length;) {
    const end = pieceEnd(text, start + pieceLength)
    const piece = { start, end }
    pieces.push({
      afterMs: 0,
      get bytes() {
        const part = text.slice(piece.start, piece.end)
        return bytesOf('text' in stored ? { text: part } : { base64: part })
      },
    })
    start = end
  }
  return pieces
}

/** Never between the two halves of a character. */
function pieceEnd(text: string, at: number): number {
  const last = text.charCodeAt(at - 1)
  return last >= 0xd8_00 && last <= 0xdb_ff ? at + 1 : at
}
