import type { Duplex } from 'node:stream'
import type { Claim, RequestHandler } from '../model/interceptor.ts'
import { onUndici } from './undici-channel.ts'
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

/**
 * Claims what undici is asked for, at once and in the async context of who asks: undici writes a
 * request later, in that of its connection. Keeps requests off sockets that were opened before the
 * interception and were busy, or not known, when it began: the engine cannot see those. Such a
 * socket is closed just before the head is written, with the code by which undici says that nothing
 * was wrong, so that it sends the request again over a new one (a streamed body fails instead: it
 * cannot be sent twice).
 *
 * @param claim asked once for each request
 * @param admit says whether the request may go over its socket
 * @returns ends the watch
 */
export function watchUndici(
  claim: RequestHandler,
  admit: (request: UndiciRequest) => boolean,
): () => void {
  const claims = new WeakMap<object, { claim: Claim | undefined }>()
  const drop = ({ request }: { request: object }): void => claims.get(request)?.claim?.drop()
  const releases = [
    onUndici('undici:request:create', ({ request }) => {
      claims.set(request, { claim: claim() })
    }),
    onUndici('undici:client:sendHeaders', ({ request, socket }) => {
      const { method, origin, path } = request
      const url = new URL(path, origin).href
      if (admit({ socket, method, url, ...claims.get(request) })) return
      replaceUndiciSocket(socket)
    }),
    onUndici('undici:request:error', drop),
    onUndici('undici:request:trailers', drop),
  ]
  return () => {
    for (const release of releases) release()
  }
}
