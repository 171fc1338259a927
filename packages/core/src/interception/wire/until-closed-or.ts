import type { Duplex } from 'node:stream'

/**
 * Waits for something, but not longer than a socket is open.
 *
 * @param listen is given what ends the wait
 */
export async function untilClosedOr(
  socket: Duplex,
  listen: (resolve: () => void) => void,
): Promise<void> {
  if (socket.destroyed) return
  const { promise, resolve } = Promise.withResolvers<void>()
  listen(resolve)
  socket.once('close', resolve)
  await promise
  socket.removeListener('close', resolve)
}
