import type { Duplex } from 'node:stream'

/**
 * Keeps how a socket is destroyed as Node made it. For its answer the engine replaces that, for
 * good, with one that never closes the socket's handle and loses the error of a later request.
 */
export function keepDestroy(socket: Duplex): void {
  Object.defineProperty(socket, '_destroy', {
    configurable: true,
    get: () => Reflect.get(Object.getPrototypeOf(socket), '_destroy'),
    set() {},
  })
}
