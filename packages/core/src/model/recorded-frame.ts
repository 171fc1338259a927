import { headerValue, type HeaderList } from './header-list.ts'
import { MessageInflater } from './message-inflater.ts'
import { bytesOf, readableBytes, type ReadableBytes } from './readable-bytes.ts'
import type { TimedBytes } from './timed-bytes.ts'
import { decodeFrame, encodeFrame, frameLength, opcodes, type Frame } from './websocket-frame.ts'

type PayloadType = 'text' | 'binary' | 'ping' | 'pong'

/**
 * What a server sent over a WebSocket: a message, a ping, a pong or a close. `end` is where it
 * ended the connection. Without a type, `text` is a text message and `base64` a binary one.
 */
export type RecordedFrame = { readonly afterMs: number; readonly afterSent: number } & (
  | ({ readonly type?: PayloadType } & ReadableBytes)
  | ({ readonly type: 'close'; readonly code?: number } & ReadableBytes)
  | { readonly type: 'end' }
)

/** A frame whose payload is all that was sent as one: fragments joined, compression taken off. */
interface Message {
  readonly opcode: number
  readonly payload: Buffer
}

/**
 * Turns what came over a WebSocket into the form it is stored in.
 *
 * @param chunks a frame each
 * @param headers of the response that opened it
 * @returns `undefined` where that form would not give the application the same: keep the bytes then
 */
export function recordFrames(
  chunks: readonly TimedBytes[],
  headers: HeaderList,
): RecordedFrame[] | undefined {
  const extensions = headerValue(headers, 'sec-websocket-extensions')?.trim() ?? ''
  if (extensions !== '' && !/^permessage-deflate(?:\s*;[^,]*)?$/i.test(extensions)) return undefined
  const joiner = new MessageJoiner(extensions !== '')
  try {
    const frames = chunks.flatMap(({ afterMs, afterSent = 0, bytes }) => {
      const times = { afterMs, afterSent }
      if (bytes.length === 0) return [{ ...times, type: 'end' } as const]
      const message = joiner.join(wholeFrame(Buffer.from(bytes)))
      return message === undefined ? [] : [{ ...times, ...recordMessage(message) }]
    })
    return joiner.isAmid ? undefined : frames
  } catch {
    return undefined
  }
}

/** What a person can read of a stored frame, in bytes. */
export function framePayload(frame: RecordedFrame): Buffer {
  return frame.type === 'end' ? Buffer.alloc(0) : bytesOf(frame)
}

/** A stored frame as it goes over the wire: in one piece, not compressed. */
export function frameBytes(frame: RecordedFrame): Buffer {
  if (frame.type === 'end') return Buffer.alloc(0)
  const payload = framePayload(frame)
  if (frame.type !== 'close') {
    return encodeFrame(opcodes[frame.type ?? ('text' in frame ? 'text' : 'binary')], payload)
  }
  const { code } = frame
  if (code === undefined) return encodeFrame(opcodes.close, payload)
  return encodeFrame(opcodes.close, Buffer.concat([Buffer.of(code >> 8, code & 0xff), payload]))
}

/** Joins the fragments of messages, which RFC 6455 5.4 lets anyone on the way do. */
class MessageJoiner {
  readonly #inflater: MessageInflater | undefined
  #fragments: Frame[] = []

  constructor(isDeflated: boolean) {
    this.#inflater = isDeflated ? new MessageInflater() : undefined
  }

  get isAmid(): boolean {
    return this.#fragments.length > 0
  }

  /**
   * @returns what is whole with this frame
   * @throws Error where the frame may not come here
   */
  join(frame: Frame): Message | undefined {
    const isControl = frame.opcode >= opcodes.close
    const isContinuation = frame.opcode === opcodes.continuation
    if (isControl && (!frame.isFinal || frame.payload.length > 125)) {
      throw new Error('A broken control frame.')
    }
    if (!isControl && isContinuation !== this.isAmid) throw new Error('A fragment out of place.')
    if (frame.isCompressed && (this.#inflater === undefined || isControl || isContinuation)) {
      throw new Error('A frame that cannot be compressed.')
    }
    if (isControl) return frame
    this.#fragments.push(frame)
    if (!frame.isFinal) return undefined
    const [{ opcode, isCompressed } = frame] = this.#fragments
    const joined = Buffer.concat(this.#fragments.map(({ payload }) => payload))
    this.#fragments = []
    const payload = isCompressed ? this.#inflater?.inflate(joined) : joined
    return payload && { opcode, payload }
  }
}

/** @throws Error where it is anything but one frame of a server that could be written again */
function wholeFrame(bytes: Buffer): Frame {
  if (frameLength(bytes) !== bytes.length) throw new Error('Not a whole frame.')
  const frame = decodeFrame(bytes)
  // Masked, with an extension bit, or with its length in more bytes than it takes.
  const plain = encodeFrame(frame.opcode, frame.payload)
  const firstByte = plain[0]! - (frame.isFinal ? 0 : 0x80) + (frame.isCompressed ? 0x40 : 0)
  if (bytes[0] !== firstByte || bytes[1] !== plain[1]) throw new Error('Not a plain frame.')
  return frame
}

type Content<Stored> = Stored extends RecordedFrame ? Omit<Stored, 'afterMs' | 'afterSent'> : never

function recordMessage({ opcode, payload }: Message): Content<RecordedFrame> {
  const stored = readableBytes(payload)
  if (opcode === opcodes.text) return 'text' in stored ? stored : { type: 'text', ...stored }
  if (opcode === opcodes.binary) return 'text' in stored ? { type: 'binary', ...stored } : stored
  if (opcode === opcodes.ping) return { type: 'ping', ...stored }
  if (opcode === opcodes.pong) return { type: 'pong', ...stored }
  if (opcode !== opcodes.close || payload.length === 1) throw new Error('An unknown frame.')
  if (payload.length === 0) return { type: 'close', ...stored }
  return { type: 'close', code: payload.readUInt16BE(), ...readableBytes(payload.subarray(2)) }
}
