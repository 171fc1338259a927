import { createHash } from 'node:crypto'

// The constant of RFC 6455 1.3.
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** What a server answers to the key of a client's handshake (RFC 6455 4.2.2). */
export function acceptKey(key: string): string {
  return createHash('sha1').update(`${key}${guid}`).digest('base64')
}
