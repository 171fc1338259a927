import { constants, inflateRawSync } from 'node:zlib'

// Each message ends so, and its sender leaves it out (RFC 7692 7.2.1).
const tail = Buffer.from([0, 0, 0xff, 0xff])
const windowSize = 32_768
// In bytes. A conversation with a larger message is kept as it came.
const maxMessageSize = 64 * 1024 * 1024

/** Unpacks the messages that one side of a WebSocket compressed, in order (RFC 7692 7.2.2). */
export class MessageInflater {
  /** What later messages may refer to. */
  #window: Buffer = Buffer.alloc(0)

  /** @throws Error where the bytes are no compressed message, or a huge one */
  inflate(compressed: Buffer): Buffer {
    const input = Buffer.concat([compressed, tail])
    const result: unknown = inflateRawSync(input, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: maxMessageSize,
      info: true,
      ...(this.#window.length === 0 ? {} : { dictionary: this.#window }),
    })
    if (!isInflated(result) || result.engine.bytesWritten !== input.length) {
      throw new Error('The message goes on after its end.')
    }
    const { buffer } = result
    this.#window = Buffer.concat([this.#window, buffer.subarray(-windowSize)]).subarray(-windowSize)
    return buffer
  }
}

/** What the option `info` makes of the result, which its type does not tell. */
function isInflated(
  result: unknown,
): result is { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } } {
  return typeof result === 'object' && result !== null && 'engine' in result
}
