import type { Socket } from 'node:net'
import { nextTurn, soon } from '../../model/real-timers.ts'
import { answerBy, AskedExchange } from '../asked-exchange.ts'
import type { HttpRequests } from '../clients/http-requests.ts'
import { askedRequest } from './asked-request.ts'
import { HttpDelivery } from './http-delivery.ts'
import { holdBy, isNodesNext, placeAddRequest, type AddedRequest } from './own-add-request.ts'
import { plainPeer, type Peer } from './plain-peer.ts'
import { ReplaySockets } from './replay-sockets.ts'

/** What else is to be known of the network, to answer requests of `node:http`. */
export interface Network {
  readonly requests: HttpRequests
  /** Whether anybody else may want a request first. */
  readonly isAnyoneBefore: () => boolean
  /** Whether a socket that is about to connect comes to `connect` first. */
  readonly mayConnect: () => boolean
}

/** The requests of `node:http` that are answered before they have a connection. */
export interface AnsweredHttp {
  /** Whether a request has not been decided, so that no connection is made for it yet. */
  isHeld(request: object): boolean
  /**
   * Asked before a socket connects, with what its method `connect` gets.
   *
   * @returns whether it needs no connection, and looks as if it had one
   */
  connect(socket: Socket, args: readonly unknown[]): boolean
  /** Leaves `addRequest` where it is. */
  release(): void
}

/**
 * Answers plain requests of `node:http` over sockets without a connection, where a stored response
 * can; docs/decisions/0014 tells why and what goes on to Node.
 */
export function answerHttp({ requests, isAnyoneBefore, mayConnect }: Network): AnsweredHttp {
  const held = new WeakSet<object>()
  const sockets = new ReplaySockets()

  const goOn = (added: AddedRequest): void => {
    held.delete(added.request)
    sockets.leave(added.agent)
    orFail(added, added.add)
  }

  /** @returns whether the request is answered from here */
  const takeUp = (added: AddedRequest, peer: Peer): boolean => {
    const { request } = added
    const asked = askedRequest(request, peer)
    const claim = asked && requests.take(request)
    if (asked === undefined || claim === undefined) return false
    const delivery = new HttpDelivery(request, asked, (next, needsConnection) => {
      requests.handOn(request, next)
      if (needsConnection || !mayConnect()) goOn(added)
      else orFail(added, () => sockets.add(added, peer))
    })
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
      sockets.close()
    },
  }
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
