import type { ClientRequest } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Claim, RequestHandler } from '../../model/interceptor.ts'
import { onHttpRequest } from './http-channel.ts'
import { pooledSockets } from './pooled.ts'

interface Agent {
  /** Those that carry requests; other agents than Node's keep what they like there. */
  readonly sockets?: NodeJS.ReadOnlyDict<unknown[]>
}

/** The claims of requests that `node:http` was asked for. */
export interface HttpRequests {
  /** Whose the request is that goes over a socket now; absent where it was made before. */
  claimOn(socket: Duplex): { claim: Claim | undefined } | undefined
  /** Whose a request is; absent where it was made before. */
  claimOf(request: ClientRequest): { claim: Claim | undefined } | undefined
  /** Says that a request waits for no connection that the engine would see. */
  leave(request: ClientRequest): void
  /** Has it wait for one after all, with another claim. */
  handOn(request: ClientRequest, claim: Claim): void
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
  const agents = new WeakSet<object>()
  const waiting = new Set<object>()
  const wait = (request: ClientRequest, claimed: Claim | undefined): void => {
    claims.set(request, { claim: claimed })
    waiting.add(request)
    request.once('close', () => {
      waiting.delete(request)
      claimed?.drop()
    })
  }
  const watched = new Map<Duplex, () => void>()
  const release = onHttpRequest((request) => {
    wait(request, claim())
    // Whatever it opens from now on is known.
    const agent: Agent | undefined = Reflect.get(request, 'agent')
    if (agent === undefined || agents.has(agent)) return
    agents.add(agent)
    for (const socket of pooledSockets(agent.sockets)) {
      // Before the agent's own listener, which would hand the socket to a waiting request. By then
      // one that was opened for this very request is known.
      const onFree = (): void => {
        watched.delete(socket)
        if (!isKnown(socket)) socket.destroy()
      }
      watched.set(socket, onFree)
      socket.prependOnceListener('free', onFree)
    }
  })
  return {
    claimOn(socket) {
      const request: unknown = Reflect.get(socket, '_httpMessage')
      if (typeof request !== 'object' || request === null) return undefined
      waiting.delete(request)
      return claims.get(request)
    },
    claimOf: (request) => claims.get(request),
    leave: (request) => void waiting.delete(request),
    handOn: wait,
    isAnyWaiting: () => waiting.size > 0,
    release() {
      release()
      for (const [socket, onFree] of watched) socket.removeListener('free', onFree)
    },
  }
}
