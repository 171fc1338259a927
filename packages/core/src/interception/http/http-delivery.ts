import type { ClientRequest } from 'node:http'
import type { Claim, Outcome, RequestHead } from '../../model/interceptor.ts'
import { claimWith, failingClaim, type Asker } from '../asked-exchange.ts'
import { replayOutcome } from '../wire/replay-outcome.ts'
import { ReplayConnection } from './replay-connection.ts'

/**
 * Has the agent of a request find a socket.
 *
 * @param claim of the request, should it come over a connection
 * @param needsConnection whether it has to
 */
type FindSocket = (claim: Claim, needsConnection: boolean) => void

/** Gives a request of `node:http` its answer, over a socket that has no connection. */
export class HttpDelivery implements Asker {
  readonly #request: ClientRequest
  readonly #head: RequestHead
  readonly #findSocket: FindSocket

  constructor(request: ClientRequest, head: RequestHead, findSocket: FindSocket) {
    this.#request = request
    this.#head = head
    this.#findSocket = findSocket
  }

  get aborted(): boolean {
    return this.#request.destroyed
  }

  replay(outcome: Outcome, speed: number): boolean {
    if (outcome.response?.status === 101) return false
    const { method, headers } = this.#head
    this.#request.prependOnceListener('socket', (socket) => {
      const connection = ReplayConnection.of(socket)
      if (connection === undefined) return
      replayOutcome(connection, { method, headers, hasContinued: false }, outcome, speed)
    })
    // Its agent may have a connection that is free.
    this.#findSocket(
      claimWith((exchange) => exchange.replay(outcome, speed)),
      false,
    )
    return true
  }

  handOn(claim: Claim): void {
    this.#findSocket(claim, true)
  }

  /** Over a connection, whose errors are Node's. */
  fail(error: Error): void {
    this.handOn(failingClaim(error))
  }
}
