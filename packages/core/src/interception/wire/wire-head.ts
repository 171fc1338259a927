import { headerValue } from '../../model/header-list.ts'
import type { ResponseHead } from '../../model/interceptor.ts'
import { framingOf } from './message-reader.ts'

/** The head of a response as it goes over the wire, and what it says of the rest. */
export interface WireHead {
  readonly bytes: Buffer
  readonly framing: ReturnType<typeof framingOf>
  /** Whether the server keeps the connection, as far as the body's end is told (RFC 9112 9.3). */
  readonly isKeepAlive: boolean
}

const known = new WeakMap<ResponseHead, WireHead>()

/** Made once for a response, which may be replayed often. */
export function wireHeadOf(head: ResponseHead): WireHead {
  const before = known.get(head)
  if (before !== undefined) return before
  const { headers, httpVersion } = head
  const connection = headerValue(headers, 'connection')?.toLowerCase()
  const made = {
    bytes: headBytes(head),
    framing: framingOf(headers),
    isKeepAlive: httpVersion === '1.0' ? connection === 'keep-alive' : connection !== 'close',
  }
  known.set(head, made)
  return made
}

/** A status line and headers. */
export function headBytes({ httpVersion, status, statusText, headers }: ResponseHead): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(
    `HTTP/${httpVersion ?? '1.1'} ${status} ${statusText}\r\n${lines.join('')}\r\n`,
    'latin1',
  )
}
