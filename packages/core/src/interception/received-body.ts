import type { TimedBytes } from '../model/body.ts'
import { headerValue, type HeaderList } from '../model/header-list.ts'

/** What came of a body. */
interface Received {
  readonly chunks: readonly TimedBytes[]
  readonly truncated?: true
}

/** Reads along with the body of a live response, chunk by chunk, without holding it up. */
export class ReceivedBody {
  /** What came, once it ended or its client broke it off; `undefined` where the server cut it. */
  readonly complete: Promise<Received | undefined>
  readonly #complete = Promise.withResolvers<Received | undefined>()
  readonly #chunks: TimedBytes[] = []
  readonly #headers: HeaderList

  constructor(response: Response, headers: HeaderList) {
    this.#headers = headers
    this.complete = this.#complete.promise
    // Others on the engine may clone the response after us.
    void this.#read(response.clone().body).catch(() => this.#complete.resolve(undefined))
  }

  /**
   * Says that the connection is gone, which is the end of a body that nothing else delimits.
   *
   * @param byClient whether the client closed it
   */
  end(byClient: boolean): void {
    const chunks = this.#chunks
    const isDelimited =
      headerValue(this.#headers, 'content-length') !== undefined ||
      headerValue(this.#headers, 'transfer-encoding') !== undefined
    if (byClient) this.#complete.resolve({ chunks, truncated: true })
    else this.#complete.resolve(isDelimited ? undefined : { chunks })
  }

  async #read(body: ReadableStream<Uint8Array> | null): Promise<void> {
    const start = performance.now()
    for await (const bytes of body ?? []) {
      this.#chunks.push({ afterMs: Math.round(performance.now() - start), bytes })
    }
    this.#complete.resolve({ chunks: this.#chunks })
  }
}
