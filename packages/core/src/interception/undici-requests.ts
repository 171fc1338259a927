import { AsyncLocalStorage } from 'node:async_hooks'
import type { Duplex } from 'node:stream'
import { onUndici } from './undici-channel.ts'

/** Runs a function in the async context of somebody else. */
type InContext = <Result>(run: () => Result) => Result

/** A request whose head undici (global `fetch` too) is about to write. */
export interface UndiciRequest {
  /** The client's socket. */
  readonly socket: Duplex
  /** The async context that the request was made in; undici writes it in that of its connection. */
  readonly inContext: InContext | undefined
}

/**
 * Watches what undici sends and keeps it off sockets that were opened before the interception and
 * were busy, or not known, when it began: the engine cannot see those. Such a socket is closed just
 * before the head is written, with the code by which undici says that nothing was wrong, so that it
 * sends the request again over a new one (a streamed body fails instead: it cannot be sent twice).
 *
 * @param admit says whether the request may go over its socket
 * @returns ends the watch
 */
export function watchUndici(admit: (request: UndiciRequest) => boolean): () => void {
  const contexts = new WeakMap<object, InContext>()
  const releases = [
    onUndici('undici:request:create', ({ request }) => {
      contexts.set(request, AsyncLocalStorage.snapshot())
    }),
    onUndici('undici:client:sendHeaders', ({ request, socket }) => {
      if (admit({ socket, inContext: contexts.get(request) })) return
      const reason = new Error('Cassette replaces a connection that was opened before it.')
      socket.destroy(Object.assign(reason, { code: 'UND_ERR_INFO' }))
    }),
  ]
  return () => {
    for (const release of releases) release()
  }
}
