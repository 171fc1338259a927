import { executionAsyncId } from 'node:async_hooks'
import { isIP, Socket } from 'node:net'
import { nextTurn, soon } from '../../model/real-timers.ts'

/** What a socket says it is connected to. */
export interface Peer {
  /** A name or an address. */
  readonly host: string
  readonly port: number
}

interface Written {
  readonly chunk: Uint8Array | string
  readonly encoding: BufferEncoding
}

const unrefTimer: () => void = Reflect.get(Socket.prototype, '_unrefTimer')

type Done = (error?: Error | null) => void

/**
 * A client's socket without a connection. Nobody hears what the client says, and it hears what is
 * given to `hear`. It looks like a connection that nock's engine answers.
 */
export class ReplaySocket extends Socket {
  readonly #handle: ReplayHandle
  #onDrain: (() => void) | undefined

  constructor({ host, port }: Peer) {
    super()
    this.#handle = new ReplayHandle(host, port)
    Reflect.set(this, '_handle', this.#handle)
    Reflect.set(this, 'connecting', true)
    // When Node does: an address is tried before who gets the socket hears of it.
    soon(() => {
      if (isIP(host) === 0) soon(() => this.#lookedUp(host))
      else this.#attempt()
    })
  }

  /**
   * Lets the client hear bytes.
   *
   * @returns whether it can take more
   */
  hear(bytes: Uint8Array): boolean {
    this.#handle.bytesRead += bytes.length
    this.#isUsed()
    return this.push(bytes)
  }

  /** Calls back once the client can take more. */
  onceDrained(listener: () => void): void {
    this.#onDrain = listener
  }

  override _read(): void {
    const drained = this.#onDrain
    this.#onDrain = undefined
    drained?.()
  }

  override _write(chunk: Uint8Array | string, encoding: BufferEncoding, done: Done): void {
    this._writev([{ chunk, encoding }], done)
  }

  override _writev(chunks: readonly Written[], done: Done): void {
    for (const { chunk, encoding } of chunks) {
      this.#handle.bytesWritten += Buffer.byteLength(chunk, encoding)
    }
    this.#isUsed()
    done()
  }

  override resetAndDestroy(): this {
    return this.destroy()
  }

  /** Puts its timeout off, as Node does. */
  #isUsed(): void {
    Reflect.apply(unrefTimer, this, [])
  }

  #lookedUp(host: string): void {
    const { address, family } = this.#handle.peer
    if (this.destroyed) return
    this.emit('lookup', null, address, family === 'IPv6' ? 6 : 4, host)
    this.#attempt()
  }

  #attempt(): void {
    const { address, port, family } = this.#handle.peer
    if (this.destroyed) return
    this.emit('connectionAttempt', address, port, family === 'IPv6' ? 6 : 4)
    soon(() => this.#connected())
  }

  #connected(): void {
    if (this.destroyed) return
    Reflect.set(this, 'connecting', false)
    this.emit('connect')
    this.emit('ready')
  }
}

/** What `Socket` asks of what is below it. */
class ReplayHandle {
  readonly peer: { address: string; port: number; family: string }
  bytesRead = 0
  bytesWritten = 0
  readonly #asyncId = executionAsyncId()
  #localPort: number | undefined

  constructor(host: string, port: number) {
    const isV6 = host.includes(':')
    this.peer = isV6
      ? { address: '::1', port, family: 'IPv6' }
      : { address: '127.0.0.1', port, family: 'IPv4' }
  }

  getAsyncId(): number {
    return this.#asyncId
  }

  getpeername(out: object): number {
    Object.assign(out, this.peer)
    return 0
  }

  getsockname(out: object): number {
    // Of those that systems give to clients (RFC 6335 6).
    this.#localPort ??= 49_152 + Math.floor(Math.random() * 16_384)
    Object.assign(out, this.peer, { port: this.#localPort })
    return 0
  }

  /** @returns that it has ended at once */
  shutdown(): number {
    return 1
  }

  close(closed: () => void): void {
    nextTurn(closed)
  }
}
