import { subscribe } from 'node:diagnostics_channel'
import type { Duplex } from 'node:stream'

const open = new Set<Duplex>()
const socketOf = new WeakMap<object, Duplex>()
const inFlight = new WeakMap<Duplex, number>()

/**
 * Watches from now on which sockets undici (global `fetch` too) opens and which of them are idle.
 * Costs nothing until undici opens one.
 */
export function watchUndiciSockets(): void {
  subscribe('undici:client:connected', (message) => {
    const { socket } = message as { socket: Duplex }
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  subscribe('undici:client:sendHeaders', (message) => {
    const { request, socket } = message as { request: object; socket: Duplex }
    socketOf.set(request, socket)
    count(socket, +1)
  })
  subscribe('undici:request:trailers', onEnd)
  subscribe('undici:request:error', onEnd)
}

/** Closes the sockets in undici's pools that carry no request; undici opens new ones at need. */
export function closeIdleUndiciSockets(): void {
  for (const socket of open) if ((inFlight.get(socket) ?? 0) === 0) socket.destroy()
}

function onEnd(message: unknown): void {
  const { request } = message as { request: object }
  const socket = socketOf.get(request)
  if (socket === undefined) return
  socketOf.delete(request)
  count(socket, -1)
}

function count(socket: Duplex, change: number): void {
  inFlight.set(socket, (inFlight.get(socket) ?? 0) + change)
}
