import { AsyncResource } from 'node:async_hooks'
import { nextTurn } from '../../model/real-timers.ts'

/** What Node's `Socket` asks of the connection below it, where there is none. */
export class ReplayHandle {
  readonly peer: { readonly address: string; readonly port: number; readonly version: 4 | 6 }
  bytesRead = 0
  bytesWritten = 0
  /** Whether it has an address of its own. */
  isBound = false
  // Who used it last hears of its end, as with a connection.
  #context = new AsyncResource('REPLAYHANDLE')
  readonly #onShutdown: () => void
  #localPort: number | undefined

  /** @param onShutdown called when the client has said all */
  constructor(host: string, port: number, onShutdown: () => void) {
    this.#onShutdown = onShutdown
    const isV6 = host.includes(':')
    this.peer = { address: isV6 ? '::1' : '127.0.0.1', port, version: isV6 ? 6 : 4 }
  }

  getAsyncId(): number {
    return this.#context.asyncId()
  }

  getProviderType(): number {
    return 0
  }

  /** Asked by an agent that gives it to another request. */
  asyncReset(): void {
    this.#context = new AsyncResource('REPLAYHANDLE')
  }

  getpeername(out: object): number {
    const { address, port, version } = this.peer
    Object.assign(out, { address, family: `IPv${version}`, port })
    return 0
  }

  getsockname(out: object): number {
    if (!this.isBound) return 0
    this.getpeername(out)
    // Of those that systems give to clients (RFC 6335 6).
    this.#localPort ??= 49_152 + Math.floor(Math.random() * 16_384)
    Object.assign(out, { port: this.#localPort })
    return 0
  }

  /** @returns that there was no error, as an agent that guards an idle socket asks */
  readStart(): number {
    return 0
  }

  /** @returns that it is done */
  shutdown(): number {
    // Servers of HTTP have no more to say then either.
    this.#onShutdown()
    return 1
  }

  close(closed: () => void): void {
    nextTurn(() => this.run(closed))
  }

  /** Runs what comes of an event of the connection, in its async context. */
  run(listener: () => void): void {
    this.#context.runInAsyncScope(listener)
  }
}
