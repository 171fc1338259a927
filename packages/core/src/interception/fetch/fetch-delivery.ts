import type { Claim, Outcome } from '../../model/interceptor.ts'
import { failingClaim, type Asker } from '../asked-exchange.ts'
import { handedResponse } from '../dispatch/handed-response.ts'
import type { AskedFetch } from './asked-fetch.ts'
import { fetchable } from './fetchable.ts'
import { fetchedResponse } from './fetched-response.ts'
import { resourceTiming } from './resource-timing.ts'

/** Hands a response to who called `fetch`, or the call on to Node. */
export class FetchDelivery implements Asker {
  aborted = false
  /** What the caller gets. */
  readonly response: Promise<Response>
  readonly #asked: AskedFetch
  readonly #callNode: (claim: Claim) => Promise<Response>
  readonly #answer: PromiseWithResolvers<Response>
  readonly #timing = resourceTiming()
  #breakOff: ((reason: unknown) => void) | undefined

  /** @param callNode makes the call, for whose request the claim is */
  constructor(asked: AskedFetch, callNode: (claim: Claim) => Promise<Response>) {
    this.#asked = asked
    this.#callNode = callNode
    this.#answer = Promise.withResolvers()
    this.response = this.#answer.promise
    asked.signal?.addEventListener('abort', this.#onAbort)
  }

  replay(outcome: Outcome, speed: number): boolean {
    const { method, url } = this.#asked
    const handed = handedResponse(outcome, method, speed)
    const plain = handed && fetchable(handed, method)
    if (handed === undefined || plain === undefined) return false
    const end = (): void => {
      this.#leaveSignal()
      this.#timing(url.href, handed)
    }
    const { response, breakOff } = fetchedResponse(plain, url.href, end)
    this.#breakOff = breakOff
    this.#answer.resolve(response)
    return true
  }

  handOn(claim: Claim): void {
    this.#leaveSignal()
    this.#answer.resolve(this.#callNode(claim))
  }

  /** By Node, whose errors tell where it was called. */
  fail(error: Error): void {
    this.handOn(failingClaim(error))
  }

  readonly #onAbort = (): void => {
    this.#leaveSignal()
    this.aborted = true
    const reason: unknown = this.#asked.signal?.reason
    this.#breakOff?.(reason)
    this.#answer.reject(reason)
  }

  #leaveSignal(): void {
    this.#asked.signal?.removeEventListener('abort', this.#onAbort)
  }
}
