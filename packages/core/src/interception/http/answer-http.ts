import { channel } from 'node:diagnostics_channel'
import { nextTurn, soon } from '../../model/real-timers.ts'
import { answerBy, AskedExchange } from '../asked-exchange.ts'
import type { HttpRequests } from '../clients/http-requests.ts'
import { askedRequest } from './asked-request.ts'
import { HttpDelivery } from './http-delivery.ts'
import { holdBy, isNodesNext, placeAddRequest, type AddedRequest } from './own-add-request.ts'
import { plainPeer } from './plain-peer.ts'
import type { Peer } from './replay-socket.ts'
import { ReplaySockets } from './replay-sockets.ts'

// Who listens to it hears of every connection.
const connections = channel('net.client.socket')

/** The requests of `node:http` that are answered before they have a connection. */
export interface AnsweredHttp {
  /** Whether a request has not been decided, so that no connection is made for it yet. */
  isHeld(request: object): boolean
  /** Leaves `addRequest` where it is. */
  release(): void
}

/**
 * Answers plain requests of `node:http` over sockets without a connection, where a stored response
 * can; docs/decisions/0014 tells why and what goes on to Node.
 *
 * @param isAnyoneBefore whether anybody else may want a request first
 */
export function answerHttp(requests: HttpRequests, isAnyoneBefore: () => boolean): AnsweredHttp {
  const held = new WeakSet<object>()
  const sockets = new ReplaySockets()

  const goOn = ({ request, add }: AddedRequest): void => {
    held.delete(request)
    add()
  }

  /** @returns whether the request is answered from here */
  const takeUp = (added: AddedRequest, peer: Peer): boolean => {
    const { request } = added
    const asked = askedRequest(request, peer)
    const claim = asked && requests.take(request)
    if (asked === undefined || claim === undefined) return false
    const delivery = new HttpDelivery(request, asked, {
      giveSocket: () => sockets.give(request, peer),
      connect(next) {
        requests.handOn(request, next)
        goOn(added)
      },
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
    const isTraced = connections.hasSubscribers
    const mayAnswer = isPlain && !isTraced && !isAnyoneBefore()
    const peer = mayAnswer ? plainPeer(agent, request, options) : undefined
    if (peer === undefined) return false
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
    release() {
      holdBy(undefined)
      sockets.close()
    },
  }
}
