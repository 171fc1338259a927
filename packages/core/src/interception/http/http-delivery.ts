import type { ClientRequest } from 'node:http'
import type { Claim, Outcome, RequestHead } from '../../model/interceptor.ts'
import type { Asker } from '../asked-exchange.ts'
import { replayOutcome } from '../wire/replay-outcome.ts'
import { ReplayConnection } from './replay-connection.ts'
import type { ReplaySocket } from './replay-socket.ts'

interface Ways {
  /** Gives the request a socket without a connection. */
  giveSocket(): ReplaySocket
  /** Has Node connect, for a request that has a claim. */
  connect(claim: Claim): void
}

/** Gives a request of `node:http` its answer, over a socket that has no connection. */
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
    const { method, headers } = this.#head
    const connection = new ReplayConnection(this.#ways.giveSocket())
    replayOutcome(connection, { method, headers, hasContinued: false }, outcome, speed)
    return true
  }

  handOn(claim: Claim): void {
    this.#ways.connect(claim)
  }

  fail(error: Error): void {
    this.handOn({
      answer: async (exchange) => exchange.fail(error),
      refuse: () => error,
      drop: () => undefined,
    })
  }
}
