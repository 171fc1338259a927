import type { TimedBytes } from '../model/body.ts'
import { headerValue, type HeaderList } from '../model/header-list.ts'

/** Reads along with the body of a live response, chunk by chunk, without holding it up. */
export class ReceivedBody {
  /** The chunks once the body is whole, or `undefined` where it was cut. */
  readonly complete: Promise<readonly TimedBytes[] | undefined>
  readonly #complete = Promise.withResolvers<readonly TimedBytes[] | undefined>()
  readonly #chunks: TimedBytes[] = []
  readonly #headers: HeaderList

  constructor(response: Response, headers: HeaderList) {
    this.#headers = headers
    this.complete = this.#complete.promise
    // Others on the engine may clone the response after us.
    void this.#read(response.clone().body).catch(() => this.#complete.resolve(undefined))
  }

  /** Says that the connection is gone: the end of a body that only the connection delimits. */
  end(): void {
    const isDelimited =
      headerValue(this.#headers, 'content-length') !== undefined ||
      headerValue(this.#headers, 'transfer-encoding') !== undefined
    this.#complete.resolve(isDelimited ? undefined : this.#chunks)
  }

  async #read(body: ReadableStream<Uint8Array> | null): Promise<void> {
    const start = performance.now()
    for await (const bytes of body ?? []) {
      this.#chunks.push({ afterMs: Math.round(performance.now() - start), bytes })
    }
    this.#complete.resolve(this.#chunks)
  }
}
