import { createHash } from 'node:crypto'
import { headerValue, type HeaderList } from '../../model/header-list.ts'

// The constant of RFC 6455 1.3.
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/**
 * The headers of a recorded 101 for another handshake. A client of WebSocket checks that the server
 * has read its very key (RFC 6455 4.2.2), and takes no extension that it has not offered (4.1).
 */
export function accepted(headers: HeaderList, request: HeaderList): HeaderList {
  const key = headerValue(request, 'sec-websocket-key')
  if (key === undefined) return headers
  const hasOffered = headerValue(request, 'sec-websocket-extensions') !== undefined
  return headers.flatMap(([name, value]) => {
    const lower = name.toLowerCase()
    if (lower === 'sec-websocket-extensions' && !hasOffered) return []
    return [[name, lower === 'sec-websocket-accept' ? acceptKey(key) : value]]
  })
}

function acceptKey(key: string): string {
  return createHash('sha1').update(`${key}${guid}`).digest('base64')
}
