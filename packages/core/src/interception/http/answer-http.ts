import type { Agent, ClientRequest } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Claim } from '../../model/interceptor.ts'
import { nextTurn, soon } from '../../model/real-timers.ts'
import { answerBy, AskedExchange } from '../asked-exchange.ts'
import type { HttpRequests } from '../clients/http-requests.ts'
import { askedRequest } from './asked-request.ts'
import { HttpDelivery } from './http-delivery.ts'
import { holdBy, isNodesNext, placeAddRequest, type AddedRequest } from './own-add-request.ts'
import { pooled } from '../clients/pooled.ts'
import { plainPeer, type Peer } from './plain-peer.ts'
import { PlainSockets, type SocketKind } from './plain-sockets.ts'
import { ReplayConnection } from './replay-connection.ts'

/** What else is to be known of the network, to answer requests of `node:http`. */
export interface Network {
  readonly requests: HttpRequests
  /** Whether anybody else may want a request first. */
  readonly isAnyoneBefore: () => boolean
  /** Whether a socket that is about to connect comes to `connect` first. */
  readonly mayConnect: () => boolean
  /** Whether the engine stands in a socket. */
  readonly isOfEngine: (socket: Duplex) => boolean
}

/** The requests of `node:http` that need no engine. */
export interface AnsweredHttp {
  /** Whether a request has not been decided, so that no connection is made for it yet. */
  isHeld(request: object): boolean
  /**
   * Asked before a socket connects, with what its method `connect` gets.
   *
   * @returns that it needs no connection, and looks as if it had one; that Node is to connect it as
   * always; `undefined` where it is another one
   */
  connect(socket: Socket, args: readonly unknown[]): 'connected' | 'as always' | undefined
  /** Leaves `addRequest` where it is. */
  release(): void
}

/**
 * Answers plain requests of `node:http` over sockets without a connection, where a stored response
 * can, and has others go out over Node's own; docs/decisions/0014 and 0015 tell why and what else
 * goes on to the engine.
 */
export function answerHttp({
  requests,
  isAnyoneBefore,
  mayConnect,
  isOfEngine,
}: Network): AnsweredHttp {
  const held = new WeakSet<object>()
  const keptIn = new WeakSet<ClientRequest>()
  const agents = new Set<Agent>()
  const sockets = new PlainSockets(isOfEngine, mayConnect)
  const isLive = (socket: Socket) =>
    !isOfEngine(socket) && ReplayConnection.of(socket) === undefined

  const goOn = (added: AddedRequest): void => {
    held.delete(added.request)
    sockets.leave(added.agent)
    orFail(added, added.add)
  }

  const goOut = (added: AddedRequest, peer: Peer, onLive?: (socket: Socket) => void): void => {
    const { request } = added
    request.prependOnceListener('socket', (socket) => {
      if (!isLive(socket)) return
      requests.leave(request)
      onLive?.(socket)
    })
    orFail(added, () => sockets.add(added, peer, 'live'))
  }

  /** @returns whether the request needs no engine */
  const takeUp = (added: AddedRequest, peer: Peer): boolean => {
    const { request } = added
    const asked = askedRequest(request, peer)
    const claimed = asked && requests.claimOf(request)
    if (asked === undefined || claimed === undefined) return false
    const { claim } = claimed
    if (claim === undefined) {
      const mayGoOut = mayConnect()
      if (mayGoOut) goOut(added, peer)
      return mayGoOut
    }
    requests.leave(request)
    const findSocket = (
      kind: SocketKind | undefined,
      next: Claim,
      onLive?: (socket: Socket) => void,
    ): boolean => {
      if (kind !== undefined && !mayConnect()) return false
      requests.handOn(request, next)
      if (kind === 'live') goOut(added, peer, onLive)
      else if (kind === 'replay') orFail(added, () => sockets.add(added, peer, kind))
      else goOn(added)
      return true
    }
    const keepIn = (): void => {
      keptIn.add(request)
      agents.add(added.agent)
    }
    const delivery = new HttpDelivery(request, asked, { findSocket, keepIn })
    const exchange = new AskedExchange(asked, asked.body, delivery)
    void answerBy(claim, exchange)
    // Who waits for its answer has a socket in the meantime, which can be timed and destroyed.
    nextTurn(() => exchange.goOn())
    return true
  }

  placeAddRequest()
  holdBy((added) => {
    const { agent, request, options } = added
    const isPlain = isNodesNext() && typeof options === 'object' && options !== null
    const peer = isPlain && !isAnyoneBefore() ? plainPeer(agent, request, options) : undefined
    if (peer === undefined) {
      sockets.leave(agent)
      return false
    }
    held.add(request)
    // Most clients have written all by now, and others, who pipe a body, a little later.
    soon(() => {
      if (takeUp(added, peer)) return
      if (request.writableEnded || request.destroyed) goOn(added)
      else nextTurn(() => takeUp(added, peer) || goOn(added))
    })
    return true
  })
  return {
    isHeld: (request) => held.has(request),
    connect: (socket, args) => sockets.connect(socket, args),
    release() {
      holdBy(undefined)
      for (const agent of agents) {
        // They wait for a socket, where nobody would be left to answer them.
        for (const request of pooled(agent.requests)) {
          if (keptIn.has(request)) request.destroy(ejected(request))
        }
      }
      sockets.close()
    },
  }
}

/** Tells no path: it may have a secret in it, and what redacts is gone. */
function ejected({ method, protocol, host }: ClientRequest): Error {
  return new Error(
    `The cassette was ejected while a ${method} request to ${protocol}//${host} waited for a socket ` +
      'of its agent. Await the request first.',
  )
}

/** What Node throws at who makes a request, who has gone by now, is the request's error. */
function orFail({ request }: AddedRequest, add: () => void): void {
  try {
    add()
  } catch (error) {
    // Node's documentation has only the first argument of it.
    const own: { onSocket(socket: null, error: unknown): void } = Object.assign(request)
    own.onSocket(null, error)
  }
}
