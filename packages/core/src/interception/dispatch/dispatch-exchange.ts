import type { HeaderList } from '../../model/header-list.ts'
import type { Claim, Exchange, Outcome, RequestHead } from '../../model/interceptor.ts'
import type { Delivery } from './delivery.ts'
import { handedResponse } from './handed-response.ts'

/**
 * A request that undici was asked for and has not made. A plain stored response answers it where it
 * is; everything else goes on to undici, and is answered at its socket.
 */
export class DispatchExchange implements Exchange {
  readonly method: string
  readonly url: string
  readonly headers: HeaderList
  readonly #body: Buffer
  readonly #delivery: Delivery
  readonly #handOn: (claim: Claim) => void
  #answered = false

  /** @param handOn lets undici make the request, whose claim is then the given one */
  constructor(
    { method, url, headers }: RequestHead,
    body: Buffer,
    delivery: Delivery,
    handOn: (claim: Claim) => void,
  ) {
    this.method = method
    this.url = url
    this.headers = headers
    this.#body = body
    this.#delivery = delivery
    this.#handOn = handOn
  }

  body(): Promise<Buffer> {
    return Promise.resolve(this.#body)
  }

  replay(outcome: Outcome, speed: number): Promise<void> | undefined {
    if (!this.#isOpen()) return undefined
    const response = handedResponse(outcome, this.method, speed)
    if (response === undefined) return this.#below((exchange) => exchange.replay(outcome, speed))
    void this.#delivery.deliver(response, this.#body)
    return undefined
  }

  fail(error: Error): void {
    if (this.#isOpen()) this.#delivery.fail(error)
  }

  passthrough(): void {
    if (this.#isOpen()) void this.#socketExchange().then((exchange) => exchange?.passthrough())
  }

  async record(leave: AbortSignal): Promise<Outcome> {
    if (!this.#isOpen()) return {}
    return (await this.#below((exchange) => exchange.record(leave))) ?? {}
  }

  #isOpen(): boolean {
    if (this.#answered || this.#delivery.aborted) return false
    this.#answered = true
    return true
  }

  /** Answers at the socket, once the client has sent all of its body, unless it leaves before. */
  async #below<Result>(
    answer: (exchange: Exchange) => Result | Promise<Result>,
  ): Promise<Result | undefined> {
    const exchange = await this.#socketExchange()
    const body = await exchange?.body().catch(() => undefined)
    return exchange === undefined || body === undefined ? undefined : answer(exchange)
  }

  #socketExchange(): Promise<Exchange | undefined> {
    return new Promise((resolve) => {
      this.#handOn({
        answer: async (exchange) => resolve(exchange),
        refuse: () => undefined,
        drop: () => resolve(undefined),
      })
    })
  }
}
