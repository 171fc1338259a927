import { UnhandledRequestError } from '../model/errors/unhandled-request-error.ts'

/** Whose request failed. */
export interface Origin {
  /** The test, where a runner told it. */
  readonly test: string | undefined
  /** At this test. */
  readonly attempt: number
}

interface Failure extends Origin {
  readonly error: Error
}

/**
 * Why requests failed that a cassette had to answer, in order. Clients repeat a request that fails:
 * what says the same within an attempt at a test counts once.
 */
export class Failures {
  readonly #all: Error[] = []
  readonly #known = new Set<string>()
  #open: Failure[] = []

  get all(): readonly Error[] {
    return this.#all
  }

  /** @returns whether it is a new one */
  add(error: Error, { test, attempt }: Origin): boolean {
    const key = JSON.stringify([test, attempt, error.message])
    if (this.#known.has(key)) return false
    this.#known.add(key)
    this.#all.push(error)
    this.#open.push({ error, test, attempt })
    return true
  }

  /** Hands over those that nobody took yet, in order. */
  take(isWanted: (origin: Origin) => boolean = () => true): readonly Error[] {
    const taken = this.#open.filter((failure) => isWanted(failure))
    this.#open = this.#open.filter((failure) => !taken.includes(failure))
    return taken.map(({ error }) => error)
  }

  /** The requests that no recording answers, each once: its method and its redacted URL. */
  unhandled(): readonly string[] {
    const misses = this.#all.filter((failure) => failure instanceof UnhandledRequestError)
    return [...new Set(misses.map(({ method, url }) => `${method} ${url}`))]
  }
}
