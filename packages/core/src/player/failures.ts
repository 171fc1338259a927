import { UnhandledRequestError } from '../model/errors/unhandled-request-error.ts'

/**
 * Why requests failed that a cassette had to answer, in order. Clients repeat a request that fails:
 * what says the same within an attempt at a test counts once.
 */
export class Failures {
  readonly #all: Error[] = []
  readonly #known = new Set<string>()
  #taken = 0

  /**
   * @param test the test whose request failed, where a runner told it
   * @param attempt at this test
   * @returns whether it is a new one
   */
  add(failure: Error, test: string | undefined, attempt: number): boolean {
    const key = JSON.stringify([test, attempt, failure.message])
    if (this.#known.has(key)) return false
    this.#known.add(key)
    this.#all.push(failure)
    return true
  }

  /** Hands over those since the last call. */
  take(): readonly Error[] {
    const taken = this.#all.slice(this.#taken)
    this.#taken += taken.length
    return taken
  }

  /** The requests that no recording answers, each once: its method and its redacted URL. */
  unhandled(): readonly string[] {
    const misses = this.#all.filter((failure) => failure instanceof UnhandledRequestError)
    return [...new Set(misses.map(({ method, url }) => `${method} ${url}`))]
  }
}
