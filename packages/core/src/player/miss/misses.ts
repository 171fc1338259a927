import { UnhandledRequestError, type Miss } from '../../model/errors/unhandled-request-error.ts'
import { missFacts, type MissCassette, type MissedRequest } from './miss-facts.ts'
import { missMessage } from './miss-message.ts'
import { missReasonOf, type PlainMissReason } from './miss-reason-of.ts'

/** Explains why requests have no answer. */
export class Misses {
  readonly #cassette: MissCassette
  /** By reason and request: clients repeat a request that fails, and to explain takes a while. */
  readonly #explained = new Map<string, Miss>()

  constructor(cassette: MissCassette) {
    this.#cassette = cassette
  }

  /**
   * A new error each time, since clients change the errors they are given.
   *
   * @param notes what else there is to say
   */
  error(
    missed: MissedRequest,
    reason: PlainMissReason,
    notes: readonly string[],
  ): UnhandledRequestError {
    const { name, request, test } = missed
    const key = JSON.stringify([reason, name, request.method, request.url, test])
    const miss = this.#explained.get(key) ?? this.#explain(missed, reason)
    this.#explained.set(key, miss)
    return new UnhandledRequestError({ ...miss, message: [miss.message, ...notes].join('\n') })
  }

  #explain(missed: MissedRequest, plainReason: PlainMissReason): Miss {
    const facts = missFacts(this.#cassette, missed, plainReason)
    const { request, path, nearest } = facts
    const reason = missReasonOf(plainReason, facts)
    return {
      method: request.method,
      url: request.url,
      reason,
      path,
      nearest: nearest.map(({ location, differs, request: { method, url } }) => ({
        method,
        url,
        location,
        differs: differs.map(({ name }) => name),
      })),
      message: missMessage(reason, facts),
    }
  }
}
