import type { Duplex } from 'node:stream'
import { onUndici } from './undici-channel.ts'

const open = new Set<Duplex>()
const socketOf = new WeakMap<object, Duplex>()
const inFlight = new WeakMap<Duplex, number>()

/**
 * Watches from now on which sockets undici (global `fetch` too) opens and which of them are idle.
 * Costs nothing until undici opens one.
 */
export function watchUndiciSockets(): void {
  onUndici('undici:client:connected', ({ socket }) => {
    // Told of twice where it leads through a tunnel.
    if (open.has(socket)) return
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  onUndici('undici:client:sendHeaders', ({ request, socket }) => {
    socketOf.set(request, socket)
    inFlight.set(socket, (inFlight.get(socket) ?? 0) + 1)
  })
  onUndici('undici:request:trailers', onEnd)
  onUndici('undici:request:error', onEnd)
}

/** Whether undici opened a socket. */
export function isOfUndici(socket: Duplex): boolean {
  return open.has(socket)
}

/** Closes the sockets in undici's pools that carry no request; undici opens new ones at need. */
export function closeIdleUndiciSockets(): void {
  for (const socket of open) if ((inFlight.get(socket) ?? 0) === 0) replaceUndiciSocket(socket)
}

/**
 * Closes a socket of undici with the code by which undici says that nothing was wrong, so that it
 * sends what it was about to send over a new one.
 */
export function replaceUndiciSocket(socket: Duplex): void {
  const reason = new Error('Cassette replaces a connection that was opened before it.')
  socket.destroy(Object.assign(reason, { code: 'UND_ERR_INFO' }))
}

function onEnd({ request }: { request: object }): void {
  const socket = socketOf.get(request)
  if (socket === undefined) return
  socketOf.delete(request)
  inFlight.set(socket, (inFlight.get(socket) ?? 1) - 1)
}
