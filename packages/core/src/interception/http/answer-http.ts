import type { ClientRequest } from 'node:http'
import { nextTurn, soon } from '../../model/real-timers.ts'
import { answerBy, AskedExchange } from '../asked-exchange.ts'
import type { HttpRequests } from '../clients/http-requests.ts'
import { askedRequest, plainPeer } from './asked-request.ts'
import { HttpDelivery } from './http-delivery.ts'
import { holdBy, isNodesNext, placeAddRequest, type AddedRequest } from './own-add-request.ts'
import type { Peer } from './replay-socket.ts'
import { ReplaySockets } from './replay-sockets.ts'

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
 * @param mayAnswer whether nobody else may want a request first
 */
export function answerHttp(requests: HttpRequests, mayAnswer: () => boolean): AnsweredHttp {
  const held = new WeakSet<object>()
  const sockets = new ReplaySockets()

  const goOn = ({ request, add }: AddedRequest): void => {
    held.delete(request)
    add()
  }

  const takeUp = (added: AddedRequest, peer: Peer): void => {
    const { request } = added
    const asked = askedRequest(request, peer)
    const claim = asked && requests.take(request)
    if (asked === undefined || claim === undefined) {
      goOn(added)
      return
    }
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
  }

  placeAddRequest()
  holdBy((added) => {
    const { agent, request, options } = added
    const isPlain = isNodesNext() && typeof options === 'object' && options !== null
    const peer = isPlain && mayAnswer() ? plainPeer(agent, options) : undefined
    if (peer === undefined) return false
    held.add(request)
    // By then it is known what is sent, if that is known at once. Node's own socket comes no sooner.
    soon(() => takeUp(added, peer))
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
