import type { Duplex } from 'node:stream'
import { untilSo } from '../../model/real-timers.ts'
import { onUndici } from './undici-channel.ts'

/** How long to wait for sockets to be gone; it takes two. */
const maxTurns = 100

const open = new Set<Duplex>()
const socketOf = new WeakMap<object, Duplex>()
const inFlight = new WeakMap<Duplex, number>()
/** Those that are to carry no further request. */
const leaving = new WeakSet<Duplex>()
/** Those that belong to who asked for an upgrade or a tunnel. */
const upgraded = new WeakSet<Duplex>()
let isSeen = (_socket: Duplex): boolean => true

/**
 * Watches from now on which sockets undici (global `fetch` too) opens and which of them are idle.
 * Costs nothing until undici opens one.
 */
export function watchUndiciSockets(): void {
  onUndici('undici:client:connected', ({ socket }) => {
    upgraded.delete(socket)
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

/**
 * Has undici open new sockets for an engine, which sees no others: those that are there are closed,
 * once they carry no request.
 *
 * @param isOfEngine whether the engine sees a socket
 * @returns has undici open new ones again: when the engine has gone, nobody sees what it left
 */
export function closeUndiciSockets(isOfEngine: (socket: Duplex) => boolean): () => void {
  isSeen = isOfEngine
  closeAll()
  return () => {
    isSeen = () => true
    closeAll()
  }
}

/**
 * Has undici open new sockets: it calls back in the async context that one was opened in, and makes
 * requests there, such as those of a redirect or out of the queue of a pool.
 *
 * @returns once those that were idle are gone: it opens a new one where it hears of that
 */
export async function renewUndiciSockets(): Promise<void> {
  closeAll()
  const going = [...open].filter(({ destroyed }) => destroyed)
  // One that is no socket of Node's may never tell.
  await untilSo(() => !going.some((one) => open.has(one)), maxTurns)
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
  if (isUpgrade(request)) upgraded.add(socket)
  // undici is reading from it; it has no next request for it yet, or has sent that already.
  else if (isLeaving(socket)) queueMicrotask(() => closeIdle(socket))
}

function closeAll(): void {
  for (const socket of open) {
    leaving.add(socket)
    closeIdle(socket)
  }
}

function closeIdle(socket: Duplex): void {
  if (isIdle(socket) && !upgraded.has(socket)) replaceUndiciSocket(socket)
}

/** Some were still connecting when all others were told to leave. */
function isLeaving(socket: Duplex): boolean {
  return leaving.has(socket) || !isSeen(socket)
}

function isIdle(socket: Duplex): boolean {
  return (inFlight.get(socket) ?? 0) === 0
}

/** Whether the socket of a request belongs to who asked, once it is answered. */
function isUpgrade(request: object): boolean {
  return Boolean(Reflect.get(request, 'upgrade')) || Reflect.get(request, 'method') === 'CONNECT'
}
