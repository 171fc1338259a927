import type { Duplex } from 'node:stream'
import { URL } from 'node:url'
import type { Claim, RequestHandler } from '../../model/interceptor.ts'
import { onUndici } from './undici-channel.ts'
import { isFromQueue } from './undici-queue.ts'
import { replaceUndiciSocket } from './undici-sockets.ts'

/** A request whose head undici (global `fetch` too) is about to write. */
export interface UndiciRequest {
  /** The client's socket. */
  readonly socket: Duplex
  /** Upper case and whole, as the engine will tell them. */
  readonly method: string
  readonly url: string
  /** Absent where the request was made before the interception; holds `undefined` where nobody took it. */
  readonly claim?: Claim | undefined
}

/** The requests of undici. */
export interface UndiciRequests {
  /** Whether a request may be waiting for a connection, or undici makes one. */
  isAnyWaiting(): boolean
  /** Ends the watch. */
  release(): void
}

/**
 * Claims what undici is asked for, at once and in the async context of who asks: undici writes a
 * request later, in that of its connection. Keeps requests off sockets that were opened before the
 * interception and were busy, or not known, when it began: the engine cannot see those. Such a
 * socket is closed just before the head is written, with the code by which undici says that nothing
 * was wrong, so that it sends the request again over a new one (what only undici's own functions
 * take fails instead: a stream of Node, a `Blob`, a generator that is not asynchronous).
 *
 * @param claim asked once for each request
 * @param admit says whether the request may go over its socket
 */
export function watchUndici(
  claim: RequestHandler,
  admit: (request: UndiciRequest) => boolean,
): UndiciRequests {
  const claims = new WeakMap<object, { claim: Claim | undefined }>()
  const waiting = new Set<object>()
  let connecting = 0
  const drop = ({ request }: { request: object }): void => {
    waiting.delete(request)
    claims.get(request)?.claim?.drop()
  }
  const onConnected = (): void => {
    connecting = Math.max(0, connecting - 1)
  }
  const releases = [
    // Once a request is aborted, undici connects again for none.
    onUndici('undici:client:beforeConnect', () => (connecting += 1)),
    onUndici('undici:client:connected', onConnected),
    onUndici('undici:client:connectError', onConnected),
    onUndici('undici:request:create', ({ request }) => {
      waiting.add(request)
      claims.set(request, { claim: claim(isFromQueue) })
      sendAlone(request)
    }),
    onUndici('undici:client:sendHeaders', ({ request, socket }) => {
      waiting.delete(request)
      const { method, origin, path } = request
      const sent = {
        socket,
        method,
        // Most are told by their socket, and nobody asks.
        get url() {
          return new URL(path, origin).href
        },
        ...claims.get(request),
      }
      if (admit(sent)) return
      keepBody(request)
      replaceUndiciSocket(socket)
    }),
    onUndici('undici:request:error', drop),
    onUndici('undici:request:trailers', drop),
  ]
  return {
    isAnyWaiting: () => waiting.size > 0 || connecting > 0,
    release() {
      for (const release of releases) release()
    },
  }
}

/**
 * Keeps undici from pipelining: it sends no such request over a connection that still waits for an
 * answer. Of several that come as one, none but the first would be decided.
 */
function sendAlone(request: object): void {
  Reflect.set(request, 'idempotent', false)
}

/**
 * Keeps undici from reading a body that can be read but once, as every body of `fetch` is, for a
 * connection that will not send it: it reads it for the next one.
 */
function keepBody(request: object): void {
  const body: unknown = Reflect.get(request, 'body')
  if (typeof body !== 'object' || body === null || !(Symbol.asyncIterator in body)) return
  // undici listens to a stream of Node instead.
  if ('pipe' in body) return
  const own = Reflect.getOwnPropertyDescriptor(body, Symbol.asyncIterator)
  const value = (): object => {
    Reflect.deleteProperty(body, Symbol.asyncIterator)
    if (own !== undefined) Reflect.defineProperty(body, Symbol.asyncIterator, own)
    return { next: async () => new Promise<never>(() => {}) }
  }
  Reflect.defineProperty(body, Symbol.asyncIterator, { value, configurable: true })
}
