import type { Duplex } from 'node:stream'

/**
 * Keeps the server's `100 Continue` from a client that has heard one already, so that it does not
 * hear two.
 */
export function swallowContinue(socket: Duplex): void {
  const push = socket.push.bind(socket)
  socket.push = (bytes: unknown, encoding) => {
    Reflect.deleteProperty(socket, 'push')
    if (!Buffer.isBuffer(bytes) || bytes.toString('latin1', 0, 12) !== 'HTTP/1.1 100') {
      return push(bytes, encoding)
    }
    const rest = bytes.subarray(bytes.indexOf('\r\n\r\n') + 4)
    return rest.length === 0 || push(rest, encoding)
  }
}
