import type { Duplex } from 'node:stream'
import { onUndici } from '../clients/undici-channel.ts'

/** Hears of a request that goes out over a connection of Node's own. */
export interface LiveListener {
  /** Called before it is written to a socket. */
  readonly onSocket?: (socket: Duplex) => void
  /** Called where it never was. */
  readonly onError?: (error: unknown) => void
}

/** The requests of undici that go out over connections of Node's own. */
export class LiveDispatches {
  readonly #listeners = new WeakMap<object, LiveListener>()
  readonly #carrying = new WeakSet<Duplex>()
  readonly #releases: readonly (() => void)[]
  #making: LiveListener | undefined
  #isConnecting = false

  /** @param isOfEngine whether the engine stands in a socket: what goes over that one is its matter */
  constructor(isOfEngine: (socket: Duplex) => boolean) {
    this.#releases = [
      onUndici('undici:request:create', ({ request }) => {
        if (this.#making !== undefined) this.#listeners.set(request, this.#making)
        this.#making = undefined
      }),
      onUndici('undici:client:beforeConnect', () => {
        this.#isConnecting = true
        queueMicrotask(() => {
          this.#isConnecting = false
        })
      }),
      onUndici('undici:client:sendHeaders', ({ request, socket }) => {
        const listener = this.#take(request)
        if (listener === undefined || isOfEngine(socket)) {
          this.#carrying.delete(socket)
          return
        }
        this.#carrying.add(socket)
        listener.onSocket?.(socket)
      }),
      onUndici('undici:request:error', ({ request, error }) =>
        this.#take(request)?.onError?.(error),
      ),
    ]
  }

  /** Whether undici is asked for such a request now. */
  get isMaking(): boolean {
    return this.#making !== undefined
  }

  /** Whether undici opens a socket now that is sure to carry no HTTP/2; tells it once. */
  isConnecting([options]: readonly unknown[]): boolean {
    const isOurs = this.#isConnecting
    this.#isConnecting = false
    const protocols: unknown = Reflect.get(Object(options), 'ALPNProtocols')
    return isOurs && !(Array.isArray(protocols) && protocols.includes('h2'))
  }

  /** Whether the request that a socket carries now is such a one. */
  carries(socket: Duplex): boolean {
    return this.#carrying.has(socket)
  }

  /** Runs a function that asks undici for such a request. */
  make<Result>(listener: LiveListener, dispatch: () => Result): Result {
    this.#making = listener
    try {
      return dispatch()
    } finally {
      this.#making = undefined
    }
  }

  release(): void {
    for (const release of this.#releases) release()
  }

  #take(request: object): LiveListener | undefined {
    const listener = this.#listeners.get(request)
    this.#listeners.delete(request)
    return listener
  }
}
