import { executionAsyncId } from 'node:async_hooks'
import { nextTurn } from '../../model/real-timers.ts'

/** What Node's `Socket` asks of the connection below it, where there is none. */
export class ReplayHandle {
  readonly peer: { readonly address: string; readonly port: number; readonly version: 4 | 6 }
  bytesRead = 0
  bytesWritten = 0
  /** Whether it has an address of its own. */
  isBound = false
  readonly #asyncId = executionAsyncId()
  #localPort: number | undefined

  constructor(host: string, port: number) {
    const isV6 = host.includes(':')
    this.peer = { address: isV6 ? '::1' : '127.0.0.1', port, version: isV6 ? 6 : 4 }
  }

  getAsyncId(): number {
    return this.#asyncId
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
    return 1
  }

  close(closed: () => void): void {
    nextTurn(closed)
  }
}
