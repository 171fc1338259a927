/* oxlint-disable no-underscore-dangle -- Node's streams name their methods so */
import { isIP, Socket } from 'node:net'
import { soon } from '../../model/real-timers.ts'
import { ReplayHandle } from './replay-handle.ts'
import { beginHandshake, endHandshake, type PeerTls } from './replay-tls.ts'

/** What a socket says it is connected to. */
export interface Peer {
  /** A name or an address. */
  readonly host: string
  readonly port: number
  /** Set where the connection is encrypted. */
  readonly tls?: PeerTls
}

interface Written {
  readonly chunk: Uint8Array | string
  readonly encoding: BufferEncoding
}

type Done = (error?: Error | null) => void

const unrefTimer: () => void = Reflect.get(Socket.prototype, '_unrefTimer')

/**
 * A client's socket without a connection. Nobody hears what the client says, and it hears what is
 * given to `hear`. It looks like a connection that nock's engine answers.
 */
export class ReplaySocket extends Socket {
  static {
    // So that it goes by the name of who it stands for.
    Reflect.deleteProperty(this.prototype, 'constructor')
  }

  readonly #handle: ReplayHandle
  readonly #tls: PeerTls | undefined
  #isOpen: boolean
  #onDrain: (() => void) | undefined

  /** @param isConnected whether it is like one that has carried a request before */
  constructor({ host, port, tls }: Peer, isConnected: boolean) {
    super()
    this.#tls = tls
    this.#handle = new ReplayHandle(host, port)
    Reflect.set(this, '_handle', this.#handle)
    if (tls !== undefined) beginHandshake(this, this.#handle)
    this.#handle.isBound = isConnected
    this.#isOpen = isConnected
    if (isConnected) {
      if (tls !== undefined) endHandshake(this, tls)
      return
    }
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
    this.#putTimeoutOff()
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
    if (!this.#isOpen) {
      // Only then is it sent, and heard of.
      this.once(this.#tls === undefined ? 'connect' : 'secure', () => this._writev(chunks, done))
      return
    }
    for (const { chunk, encoding } of chunks) {
      this.#handle.bytesWritten += Buffer.byteLength(chunk, encoding)
    }
    this.#putTimeoutOff()
    done()
  }

  override resetAndDestroy(): this {
    return this.destroy()
  }

  #putTimeoutOff(): void {
    Reflect.apply(unrefTimer, this, [])
  }

  #lookedUp(host: string): void {
    if (this.destroyed) return
    const { address, version } = this.#handle.peer
    this.emit('lookup', null, address, version, host)
    this.#attempt()
  }

  #attempt(): void {
    if (this.destroyed) return
    this.#handle.isBound = true
    const { address, port, version } = this.#handle.peer
    this.emit('connectionAttempt', address, port, version)
    soon(() => this.#connected())
  }

  #connected(): void {
    if (this.destroyed) return
    Reflect.set(this, 'connecting', false)
    // Asked for before, it may have said that it had none.
    Reflect.set(this, '_sockname', null)
    this.#isOpen = this.#tls === undefined
    this.emit('connect')
    this.emit('ready')
    if (this.#tls === undefined || this.destroyed) return
    endHandshake(this, this.#tls)
    this.#isOpen = true
    this.emit('secureConnect')
    this.emit('secure')
  }
}
