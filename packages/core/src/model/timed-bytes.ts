/** When bytes came. */
export interface TimeOfBytes {
  /** In milliseconds after the head. */
  readonly afterMs: number
  /**
   * After an upgrade: what the client had sent by then. With WebSocket in messages, where a ping
   * and a close count as one and a pong does not; with any other protocol in bytes.
   */
  readonly afterSent?: number
}

/** A chunk of bytes and when it came. After an upgrade an empty one is where the server ended. */
export interface TimedBytes extends TimeOfBytes {
  readonly bytes: Uint8Array
  /** How many they are, where that can be told without decoding them. */
  readonly size?: number
}

/** How many bytes there are. Those that have to be decoded are not, where that can be avoided. */
export function lengthOf(chunks: readonly TimedBytes[]): number {
  return chunks.reduce((sum, chunk) => sum + sizeOf(chunk), 0)
}

/** How many bytes a chunk has. */
export function sizeOf(chunk: TimedBytes): number {
  return chunk.size ?? chunk.bytes.length
}
