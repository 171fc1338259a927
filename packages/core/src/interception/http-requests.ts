import type { ClientRequest } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Claim, RequestHandler } from '../model/interceptor.ts'
import { listen } from './channel.ts'

const channel = 'http.client.request.created'

/** The claims of requests that `node:http` was asked for. */
export interface HttpRequests {
  /** Whose the request is that goes over a socket now; absent where it was made before. */
  claimOn(socket: Duplex): { claim: Claim | undefined } | undefined
  /** Whether a request may be waiting for a connection. */
  isAnyWaiting(): boolean
  /** Ends the watch. */
  release(): void
}

/**
 * Claims what `node:http` is asked for, at once: an agent may keep a request waiting for a socket
 * until its cassette is gone. Keeps the waiting ones off sockets that the engine does not know.
 *
 * @param claim asked once for each request
 * @param isKnown whether the engine sees what goes over a socket
 */
export function watchHttp(
  claim: RequestHandler,
  isKnown: (socket: Duplex) => boolean,
): HttpRequests {
  const claims = new WeakMap<object, { claim: Claim | undefined }>()
  const doubtful = new WeakSet<Duplex>()
  const waiting = new Set<object>()
  const onCreated = (message: unknown): void => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node's documentation types it
    const { request } = message as { request: ClientRequest }
    const claimed = claim()
    claims.set(request, { claim: claimed })
    waiting.add(request)
    request.once('close', () => {
      waiting.delete(request)
      claimed?.drop()
    })
    for (const socket of busySockets(request)) {
      if (isKnown(socket) || doubtful.has(socket)) continue
      doubtful.add(socket)
      // Before the agent's own listener, which would hand the socket to a waiting request. By then
      // one that was opened for this very request is known.
      socket.prependOnceListener('free', () => {
        if (!isKnown(socket)) socket.destroy()
      })
    }
  }
  const release = listen(channel, onCreated)
  return {
    claimOn(socket) {
      const request: unknown = Reflect.get(socket, '_httpMessage')
      if (typeof request !== 'object' || request === null) return undefined
      waiting.delete(request)
      return claims.get(request)
    },
    isAnyWaiting: () => waiting.size > 0,
    release,
  }
}

/** The sockets of a request's agent that carry requests. */
function busySockets(request: ClientRequest): readonly Duplex[] {
  const agent: { sockets?: NodeJS.ReadOnlyDict<Duplex[]> } | undefined = Reflect.get(
    request,
    'agent',
  )
  return Object.values(agent?.sockets ?? {}).flatMap((sockets) => sockets ?? [])
}
