import { headerValue, type HeaderList } from './header-list.ts'

/** A frame of WebSocket (RFC 6455 5.2), its mask taken off. */
export interface Frame {
  readonly isFinal: boolean
  /** RSV1: the message is compressed (RFC 7692 6). */
  readonly isCompressed: boolean
  readonly opcode: number
  readonly payload: Buffer
}

/** The opcodes of RFC 6455 11.8. */
export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** Whether a response with the status 101 goes over to WebSocket. */
export function isWebSocket(headers: HeaderList): boolean {
  return headerValue(headers, 'upgrade')?.trim().toLowerCase() === 'websocket'
}

/**
 * How many bytes the frame has that starts here.
 *
 * @returns where the header is not whole yet: more than are here, and no more than it needs
 */
export function frameLength(bytes: Buffer): number {
  const headerLength = frameHeaderLength(bytes)
  if (bytes.length < headerLength) return headerLength
  const short = bytes[1]! & 0x7f
  if (short === 126) return headerLength + bytes.readUInt16BE(2)
  return headerLength + (short === 127 ? Number(bytes.readBigUInt64BE(2)) : short)
}

/** Reads one whole frame. The extension bits RSV2 and RSV3 have no meaning and get lost. */
export function decodeFrame(bytes: Buffer): Frame {
  const start = frameHeaderLength(bytes)
  const isMasked = bytes[1]! >= 0x80
  return {
    isFinal: bytes[0]! >= 0x80,
    isCompressed: (bytes[0]! & 0x40) > 0,
    opcode: bytes[0]! & 0x0f,
    // Only who reads it waits for a long one.
    get payload() {
      const payload = bytes.subarray(start)
      return isMasked ? unmasked(payload, bytes.subarray(start - 4, start)) : payload
    },
  }
}

/** Writes a whole message, or a control frame, as servers send it: one frame, unmasked. */
export function encodeFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload
  const first = 0x80 + opcode
  if (length < 126) return Buffer.concat([Buffer.of(first, length), payload])
  if (length < 0x1_00_00) {
    return Buffer.concat([Buffer.of(first, 126, length >> 8, length & 0xff), payload])
  }
  const header = Buffer.alloc(10)
  header.writeUInt16BE((first << 8) + 127)
  header.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([header, payload])
}

function frameHeaderLength(bytes: Buffer): number {
  if (bytes.length < 2) return 2
  const second = bytes[1]!
  const short = second & 0x7f
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0
  return 2 + extended + (second >= 0x80 ? 4 : 0)
}

function unmasked(payload: Buffer, key: Buffer): Buffer {
  return Buffer.from(payload.map((byte, at) => byte ^ key[at % 4]!))
}
