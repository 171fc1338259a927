import type { HeaderList } from '../model/header-list.ts'
import type { Claim, Exchange, Outcome, RecordSignals, RequestHead } from '../model/interceptor.ts'

/** Who waits for the answer to a request that is not made yet. */
export interface Asker {
  /** Whether it wants none any more. */
  readonly aborted: boolean
  /**
   * Gets what once came, if it can have it without the request being made.
   *
   * @param speed see `Exchange.replay`
   * @returns whether it can
   */
  replay(outcome: Outcome, speed: number): boolean
  fail(error: Error): void
  /**
   * Has the request made over a connection of Node's own, which nobody stands in.
   *
   * @returns whether it can
   */
  passThrough?(): boolean
  /**
   * The same, and listens.
   *
   * @returns what `Exchange.record` does; `undefined` where it cannot
   */
  record?(signals: RecordSignals): Promise<Outcome> | undefined
  /** Has the request made, which then has a claim already. */
  handOn(claim: Claim): void
}

/**
 * A request that Node was asked for and has not made. A stored response answers it where it is, or it
 * goes out over a connection of Node's own, if who asked can have that; everything else goes on, and
 * is answered further down, at its socket in the end.
 */
export class AskedExchange implements Exchange {
  readonly method: string
  readonly url: string
  readonly headers: HeaderList
  readonly #body: Buffer
  readonly #asker: Asker
  #answered = false
  #below: Promise<Exchange | undefined> | undefined

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
    if (this.#below === undefined && this.#asker.replay(outcome, speed)) return undefined
    return this.#answerBelow((exchange) => exchange.replay(outcome, speed))
  }

  /** Has the request made if there is no answer yet, which is then given further down. */
  goOn(): void {
    if (!this.#answered) void this.#exchangeBelow()
  }

  fail(error: Error): void {
    if (!this.#isOpen()) return
    if (this.#below === undefined) this.#asker.fail(error)
    else void this.#answerBelow((exchange) => exchange.fail(error))
  }

  passthrough(): void {
    if (!this.#isOpen()) return
    if (this.#below === undefined && this.#asker.passThrough?.() === true) return
    void this.#exchangeBelow().then((exchange) => exchange?.passthrough())
  }

  async record(signals: RecordSignals): Promise<Outcome> {
    if (!this.#isOpen()) return {}
    const received = this.#below === undefined ? this.#asker.record?.(signals) : undefined
    if (received !== undefined) return received
    return (await this.#answerBelow((exchange) => exchange.record(signals))) ?? {}
  }

  #isOpen(): boolean {
    if (this.#answered || this.#asker.aborted) return false
    this.#answered = true
    return true
  }

  /** Answers further down, once the client has sent all of its body, unless it leaves before. */
  async #answerBelow<Result>(
    answer: (exchange: Exchange) => Result | Promise<Result>,
  ): Promise<Result | undefined> {
    const exchange = await this.#exchangeBelow()
    const body = await exchange?.body().catch(() => undefined)
    return exchange === undefined || body === undefined ? undefined : answer(exchange)
  }

  #exchangeBelow(): Promise<Exchange | undefined> {
    this.#below ??= new Promise((resolve) => {
      this.#asker.handOn({ ...claimWith(resolve), drop: () => resolve(undefined) })
    })
    return this.#below
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

/** A claim whose answer is known. */
export function claimWith(answer: (exchange: Exchange) => Promise<void> | void): Claim {
  return {
    answer: async (exchange) => answer(exchange),
    refuse: () => undefined,
    drop: () => undefined,
  }
}

/** A claim that fails its request, in whatever protocol it comes. */
export function failingClaim(error: Error): Claim {
  return { ...claimWith((exchange) => exchange.fail(error)), refuse: () => error }
}
