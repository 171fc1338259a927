import type { Duplex } from 'node:stream'

const interim = 'HTTP/1.1 100'
const headEnd = '\r\n\r\n'

/**
 * Keeps the server's `100 Continue` from a client that has heard one already, so that it does not
 * hear two.
 */
export function swallowContinue(socket: Duplex): void {
  const push = socket.push.bind(socket)
  let held = Buffer.alloc(0)
  socket.push = (bytes: unknown, encoding) => {
    if (!Buffer.isBuffer(bytes)) {
      Reflect.deleteProperty(socket, 'push')
      return (held.length === 0 || push(held)) && push(bytes, encoding)
    }
    held = Buffer.concat([held, bytes])
    const mayBeInterim = interim.startsWith(held.toString('latin1', 0, interim.length))
    const end = held.indexOf(headEnd)
    if (mayBeInterim && end < 0) return true
    Reflect.deleteProperty(socket, 'push')
    const rest = mayBeInterim ? held.subarray(end + headEnd.length) : held
    return rest.length === 0 || push(rest)
  }
}
