import type { Duplex } from 'node:stream'
import { nextTurn } from '../../model/real-timers.ts'

/**
 * Has a client that refuses its server hear of why before its socket closes, as without the engine.
 * Behind a tunnel the engine's own connection has closed what lies below by then, and Node, which
 * has nothing more to wait for, closes the client's at once; docs/discoveries/0011.
 *
 * @param hasFailed whether the engine's connection has, asked when the handshake is over
 */
export function errorBeforeClose(socket: Duplex, hasFailed: () => boolean): void {
  if (Reflect.get(socket, 'secureConnecting') !== true) return
  socket.prependOnceListener('secure', () => {
    const handle: unknown = Reflect.get(socket, '_handle')
    if (!isClosable(handle) || !hasFailed()) return
    const close = handle.close.bind(handle)
    handle.close = (onClose) => close(() => nextTurn(onClose))
  })
}

interface Closable {
  close(onClose: () => void): unknown
}

function isClosable(handle: unknown): handle is Closable {
  return typeof handle === 'object' && handle !== null && 'close' in handle
}
