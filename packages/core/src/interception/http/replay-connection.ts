import { isIP, Socket } from 'node:net'
import { afterPromises, nextTurn, soon } from '../../model/real-timers.ts'
import type { AnsweredConnection } from '../wire/replay-outcome.ts'
import { untilClosedOr } from '../wire/until-closed-or.ts'
import type { Peer } from './plain-peer.ts'
import { ReplayHandle } from './replay-handle.ts'
import { encryptHandle, endHandshake } from './replay-tls.ts'

interface Written {
  readonly chunk: Uint8Array | string
  readonly encoding: BufferEncoding
}

type Done = (error?: Error | null) => void

const unrefTimer: () => void = Reflect.get(Socket.prototype, '_unrefTimer')
const known = new WeakMap<object, ReplayConnection>()

/**
 * The server's side of a client's socket that has no connection: nobody hears what the client says,
 * and it hears what is pushed here. To the client the socket looks like a connected one, and its
 * events come when those would.
 */
export class ReplayConnection implements AnsweredConnection {
  readonly socket: Socket
  readonly #handle: ReplayHandle
  readonly #isEncrypted: boolean
  #isOpen = false
  #isEnded = false
  #onDrain: (() => void) | undefined

  /**
   * @param socket one that is about to connect, of TLS where its peer is
   * @param options what it would connect with
   */
  constructor(socket: Socket, { host, port, isEncrypted }: Peer, options: object) {
    this.socket = socket
    this.#handle = new ReplayHandle(host, port, () => this.end())
    this.#isEncrypted = isEncrypted
    known.set(socket, this)
    const before: { close(): void; _parent?: { close(): void } } | null = Reflect.get(
      socket,
      '_handle',
    )
    before?.close()
    // oxlint-disable-next-line no-underscore-dangle -- Node's name of what is below TLS
    before?._parent?.close()
    Object.assign(socket, {
      _handle: this.#handle,
      _read: () => this.#wants(),
      _write: (chunk: Uint8Array | string, encoding: BufferEncoding, done: Done) =>
        this.#said([{ chunk, encoding }], done),
      _writev: (chunks: readonly Written[], done: Done) => this.#said(chunks, done),
      resetAndDestroy: () => socket.destroy(),
      connecting: true,
    })
    if (isEncrypted) encryptHandle(this.#handle, options)
    // When Node does: an address is tried before who gets the socket hears of it.
    soon(() => {
      if (isIP(host) === 0) this.#later(() => this.#lookUp(host))
      else this.#attempt()
    })
  }

  /** That of a socket, where it has one. */
  static of(socket: object): ReplayConnection | undefined {
    return known.get(socket)
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.push(bytes)) await this.drained()
  }

  push(bytes: Uint8Array): boolean {
    if (this.#isEnded) return true
    this.#handle.bytesRead += bytes.length
    this.#putTimeoutOff()
    return this.socket.push(bytes)
  }

  async drained(): Promise<void> {
    await untilClosedOr(this.socket, (resolve) => {
      this.#onDrain = resolve
    })
  }

  end(): void {
    const { socket } = this
    // A client that has all it waits for leaves before it hears of the end.
    nextTurn(() => {
      this.#isEnded = true
      if (!socket.destroyed) socket.push(null)
    })
  }

  done(): void {}

  #later(event: () => void): void {
    afterPromises(() => this.#handle.run(event))
  }

  #wants(): void {
    const drained = this.#onDrain
    this.#onDrain = undefined
    drained?.()
  }

  #said(chunks: readonly Written[], done: Done): void {
    if (!this.#isOpen) {
      // Only then is it sent, and heard of; until then Node counts it so.
      Object.assign(this.socket, { _pendingData: chunks })
      this.socket.once(this.#isEncrypted ? 'secure' : 'connect', () => this.#said(chunks, done))
      return
    }
    Object.assign(this.socket, { _pendingData: null })
    for (const { chunk, encoding } of chunks) {
      this.#handle.bytesWritten += Buffer.byteLength(chunk, encoding)
    }
    this.#putTimeoutOff()
    done()
  }

  #putTimeoutOff(): void {
    Reflect.apply(unrefTimer, this.socket, [])
  }

  #lookUp(host: string): void {
    if (this.socket.destroyed) return
    const { address, version } = this.#handle.peer
    this.socket.emit('lookup', null, address, version, host)
    this.#attempt()
  }

  #attempt(): void {
    if (this.socket.destroyed) return
    this.#handle.isBound = true
    const { address, port, version } = this.#handle.peer
    this.socket.emit('connectionAttempt', address, port, version)
    this.#later(() => this.#connect())
  }

  #connect(): void {
    const { socket } = this
    if (socket.destroyed) return
    // Asked for its address before, it may have said that it had none.
    Object.assign(socket, { connecting: false, _sockname: null })
    this.#isOpen = !this.#isEncrypted
    socket.emit('connect')
    socket.emit('ready')
    if (!this.#isEncrypted || socket.destroyed) return
    this.#later(() => {
      if (socket.destroyed) return
      this.#isOpen = true
      endHandshake(socket, this.#handle)
    })
  }
}
