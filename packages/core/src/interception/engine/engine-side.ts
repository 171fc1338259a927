import type { Duplex } from 'node:stream'

type Listener = (bytes: Buffer) => void

/**
 * A connection as the engine's own listeners see it: of what the client says they hear only what is
 * handed on to them.
 */
export class EngineSide {
  /** What they get instead of the server's side. */
  readonly socket: Duplex
  #listeners: readonly Listener[] = []

  /** @param mayEnd asked when one of them destroys the connection */
  constructor(server: Duplex, mayEnd: () => boolean) {
    const on = (event: string, listener: Listener): Duplex => {
      if (event === 'data') this.#listeners = [...this.#listeners, listener]
      else server.on(event, listener)
      return this.socket
    }
    const off = (event: string, listener: Listener): Duplex => {
      if (event === 'data') this.#listeners = this.#listeners.filter((one) => one !== listener)
      else server.off(event, listener)
      return this.socket
    }
    const destroy = (error?: Error): Duplex => {
      if (mayEnd()) server.destroy(error)
      return this.socket
    }
    const own: Readonly<Record<string | symbol, unknown>> = {
      on,
      addListener: on,
      off,
      removeListener: off,
      destroy,
    }
    this.socket = new Proxy(server, {
      get: (_target, key): unknown =>
        Object.hasOwn(own, key) ? own[key] : Reflect.get(server, key),
    })
  }

  /** Hands on what the client says. */
  hear(bytes: Buffer): void {
    for (const listener of this.#listeners) listener(bytes)
  }
}
