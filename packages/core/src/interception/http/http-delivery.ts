import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Claim, Outcome, RecordSignals, RequestHead } from '../../model/interceptor.ts'
import { claimWith, failingClaim, type Asker } from '../asked-exchange.ts'
import { receiveLive } from '../wire/live-answer.ts'
import { replayOutcome } from '../wire/replay-outcome.ts'
import type { SocketKind } from './plain-sockets.ts'
import { ReplayConnection } from './replay-connection.ts'

/**
 * Has the agent of a request find a socket.
 *
 * @param kind which; without one it is the engine's
 * @param claim of the request, should the socket be another one
 * @param onLive called with the socket that it gets, if that is one of Node's
 * @returns whether there can be a socket of that kind; without one the request is left as it was
 */
type FindSocket = (
  kind: SocketKind | undefined,
  claim: Claim,
  onLive?: (socket: Socket) => void,
) => boolean

/** What a request needs of the network to get its answer. */
interface Ways {
  readonly findSocket: FindSocket
  /** Says that the request must not go out, not even after the cassette is gone. */
  readonly keepIn: () => void
}

/** Gives a request of `node:http` its answer, over a socket that has no connection, or Node's own. */
export class HttpDelivery implements Asker {
  readonly #request: ClientRequest
  readonly #head: RequestHead
  readonly #ways: Ways

  constructor(request: ClientRequest, head: RequestHead, ways: Ways) {
    this.#request = request
    this.#head = head
    this.#ways = ways
  }

  get aborted(): boolean {
    return this.#request.destroyed
  }

  replay(outcome: Outcome, speed: number): boolean {
    if (outcome.response?.status === 101) return false
    this.#ways.keepIn()
    const { method, headers } = this.#head
    const claim = claimWith((exchange) => exchange.replay(outcome, speed))
    // Its agent may have a connection that is free.
    if (!this.#ways.findSocket('replay', claim)) {
      this.handOn(claim)
      return true
    }
    this.#request.prependOnceListener('socket', (socket) => {
      const connection = ReplayConnection.of(socket)
      if (connection === undefined) return
      replayOutcome(connection, { method, headers, hasContinued: false }, outcome, speed)
    })
    return true
  }

  passThrough(): boolean {
    return this.#ways.findSocket(
      'live',
      claimWith((exchange) => exchange.passthrough()),
    )
  }

  record(signals: RecordSignals): Promise<Outcome> | undefined {
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    // At once: the request may close before all that came is put together.
    const claim = claimWith((exchange) => resolve(exchange.record(signals)))
    const request = this.#request
    const live = {
      hasLeft: () => request.destroyed || responseOf(request)?.destroyed === true,
      release: () => takeAllOf(request),
    }
    const isOut = this.#ways.findSocket('live', claim, (socket) =>
      resolve(receiveLive(socket, this.#head.method, live, signals)),
    )
    if (!isOut) return undefined
    // It never had one.
    request.once('close', () => resolve({}))
    return promise
  }

  handOn(claim: Claim): void {
    this.#ways.findSocket(undefined, claim)
  }

  /** Over a connection, whose errors are Node's. */
  fail(error: Error): void {
    this.#ways.keepIn()
    this.handOn(failingClaim(error))
  }
}

/** Of which Node's documentation does not tell. */
function responseOf(request: ClientRequest): IncomingMessage | undefined {
  return Reflect.get(request, 'res') ?? undefined
}

/** Has a request take all of its response, also where that is still to come, read or not. */
function takeAllOf(request: ClientRequest): void {
  const response = responseOf(request)
  if (response !== undefined) takeAll(response)
  // Where nobody listens, Node throws it away.
  else if (request.listenerCount('response') > 0) request.prependOnceListener('response', takeAll)
}

function takeAll(response: IncomingMessage): void {
  Object.assign(Reflect.get(response, '_readableState'), { highWaterMark: Infinity })
  response.read(0)
}
