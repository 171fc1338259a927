/** What a miss knows of the request and of the cassette that had no answer. */
export interface Miss {
  readonly method: string
  /** Redacted. */
  readonly url: string
  /** Path of the cassette; absent where no cassette could be told for the request. */
  readonly path?: string
  /** The whole explanation: request, cassette, nearest recording, remedy. */
  readonly message: string
}

/** A request that no recording answers and that the mode forbids to record: a miss. */
export class UnhandledRequestError extends Error {
  override readonly name = 'UnhandledRequestError' as const
  readonly code = 'ERR_CASSETTE_UNHANDLED_REQUEST'
  readonly #miss: Miss

  constructor(miss: Miss) {
    super(miss.message)
    // Its frames would be Cassette's own and the engine's, and runners would show that code.
    this.stack = `${this.name}: ${miss.message}`
    this.#miss = miss
  }

  get method(): string {
    return this.#miss.method
  }

  /** Redacted. */
  get url(): string {
    return this.#miss.url
  }

  /** Path of the cassette; absent where no cassette could be told for the request. */
  get path(): string | undefined {
    return this.#miss.path
  }
}
