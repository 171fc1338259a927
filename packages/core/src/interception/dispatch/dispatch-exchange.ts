import type { HeaderList } from '../../model/header-list.ts'
import type { Claim, Exchange, Outcome, RequestHead } from '../../model/interceptor.ts'
import { handedResponse, type HandedResponse } from './handed-response.ts'

/** Who waits for the answer to a request that is not made yet. */
export interface Asker {
  /** Whether it wants none any more. */
  readonly aborted: boolean
  /** Whether it can be given a response as it is. */
  takes(response: HandedResponse): boolean
  /** @param requestBody of the request that is answered */
  deliver(response: HandedResponse, requestBody: Uint8Array): Promise<void> | void
  fail(error: Error): void
  /** Has the request made, which then has a claim already. */
  handOn(claim: Claim): void
}

/**
 * A request that Node was asked for and has not made. A plain stored response answers it where it
 * is; everything else goes on, and is answered further down, at its socket in the end.
 */
export class DispatchExchange implements Exchange {
  readonly method: string
  readonly url: string
  readonly headers: HeaderList
  readonly #body: Buffer
  readonly #asker: Asker
  #answered = false

  constructor({ method, url, headers }: RequestHead, body: Buffer, asker: Asker) {
    this.method = method
    this.url = url
    this.headers = headers
    this.#body = body
    this.#asker = asker
  }

  body(): Promise<Buffer> {
    return Promise.resolve(this.#body)
  }

  replay(outcome: Outcome, speed: number): Promise<void> | undefined {
    if (!this.#isOpen()) return undefined
    const response = handedResponse(outcome, this.method, speed)
    if (response === undefined || !this.#asker.takes(response)) {
      return this.#below((exchange) => exchange.replay(outcome, speed))
    }
    void this.#asker.deliver(response, this.#body)
    return undefined
  }

  fail(error: Error): void {
    if (this.#isOpen()) this.#asker.fail(error)
  }

  passthrough(): void {
    if (this.#isOpen()) void this.#exchangeBelow().then((exchange) => exchange?.passthrough())
  }

  async record(leave: AbortSignal): Promise<Outcome> {
    if (!this.#isOpen()) return {}
    return (await this.#below((exchange) => exchange.record(leave))) ?? {}
  }

  #isOpen(): boolean {
    if (this.#answered || this.#asker.aborted) return false
    this.#answered = true
    return true
  }

  /** Answers further down, once the client has sent all of its body, unless it leaves before. */
  async #below<Result>(
    answer: (exchange: Exchange) => Result | Promise<Result>,
  ): Promise<Result | undefined> {
    const exchange = await this.#exchangeBelow()
    const body = await exchange?.body().catch(() => undefined)
    return exchange === undefined || body === undefined ? undefined : answer(exchange)
  }

  #exchangeBelow(): Promise<Exchange | undefined> {
    return new Promise((resolve) => {
      this.#asker.handOn({
        answer: async (exchange) => resolve(exchange),
        refuse: () => undefined,
        drop: () => resolve(undefined),
      })
    })
  }
}

/** Has a claim answer; where it cannot, the request fails. */
export async function answerBy(claim: Claim, exchange: Exchange): Promise<void> {
  try {
    await claim.answer(exchange)
  } catch (error) {
    exchange.fail(error instanceof Error ? error : new Error(String(error)))
  }
}
