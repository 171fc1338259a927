import { METHODS } from 'node:http'
import type { Duplex } from 'node:stream'
import type { HeaderList } from '../../model/header-list.ts'
import { EngineSide } from '../engine/engine-side.ts'
import { framingOf, MessageReader, type Framing } from './message-reader.ts'

/** A request as its bytes tell it. */
export interface SentRequest {
  /** Upper case. */
  readonly method: string
  /** As it stands in the request line. */
  readonly target: string
  readonly headers: HeaderList
  /** Without transfer coding; rejects where the client goes before the end. */
  readonly body: Promise<Buffer>
}

/** Is told what a client says. */
export interface IntakeListener {
  /**
   * @param mayBeAlone whether Cassette may decide it alone, so that the engine does not hear of it
   * @returns whether it does
   */
  onHead(request: SentRequest, mayBeAlone: boolean): boolean
  /** @param isAlone what `onHead` has returned */
  onEnd(isAlone: boolean): void
  /** What comes once the connection has left HTTP. */
  onProtocol(bytes: Buffer): void
  /** Whether the engine's own listeners may end the connection. */
  mayEnd(): boolean
}

const noBody = Promise.resolve(Buffer.alloc(0))

/** Reads requests from a client's bytes, and hands on to the engine what Cassette does not decide alone. */
export class RequestIntake {
  readonly #listener: IntakeListener
  readonly #engineSide: EngineSide
  readonly #reader: MessageReader
  /** What the client has said while nobody knows who decides. */
  #unheard: Buffer[] = []
  #isHttp: boolean | undefined
  #isAmidMessage = false
  #hasLeftHttp = false
  /** Unknown before a request's head is whole. */
  #isAlone: boolean | undefined
  /** Whether there is, or may be, a tunnel, which only the engine can open. */
  #isForEngine = false
  #body: PromiseWithResolvers<Buffer> | undefined
  #bodyChunks: Buffer[] | undefined
  #request: SentRequest | undefined

  /** @param server the server's side of the connection */
  constructor(server: Duplex, listener: IntakeListener) {
    this.#listener = listener
    this.#engineSide = new EngineSide(server, () => listener.mayEnd())
    this.#reader = new MessageReader({
      onHead: (startLine, headers) => this.#onHead(startLine, headers),
      onBody: (bytes) => {
        if (this.#hasLeftHttp) listener.onProtocol(bytes)
        else this.#bodyChunks?.push(bytes)
      },
      onEnd: () => this.#onEnd(),
    })
    server.on('data', (bytes: Buffer) => this.#hear(bytes))
  }

  /** What the engine's own listeners get in the place of the server's side. */
  get engineSocket(): Duplex {
    return this.#engineSide.socket
  }

  /** The request that the client sent last, from its head on. */
  get request(): SentRequest | undefined {
    return this.#request
  }

  /** Whether the engine has not heard what the client said last. */
  get isUnheard(): boolean {
    return this.#isAlone === true || this.#unheard.length > 0
  }

  /** Keeps nothing of the present request's body, which nobody here will ask for. */
  forgetBody(): void {
    this.#bodyChunks = undefined
  }

  /** Says that the client has gone. */
  close(): void {
    this.#body?.reject(new Error('The client closed the connection.'))
  }

  /** Takes what comes from now on for another protocol than HTTP. */
  leaveHttp(): void {
    this.#hasLeftHttp = true
    this.#isAmidMessage = true
    this.#reader.leaveHttp()
  }

  #hear(bytes: Buffer): void {
    this.#isHttp ??= startsRequest(bytes)
    if (!this.#isAmidMessage && !this.#isForEngine) this.#isAlone = undefined
    this.#unheard.push(bytes)
    if (this.#isHttp) this.#isHttp = this.#read(bytes)
    const isHeadOpen = this.#isHttp && this.#isAlone === undefined
    if (isHeadOpen) return
    const said = this.#unheard
    this.#unheard = []
    if (this.#isAlone !== true) for (const one of said) this.#engineSide.hear(one)
  }

  /** @returns whether it is HTTP; if not, it is not for us to judge */
  #read(bytes: Buffer): boolean {
    try {
      this.#reader.read(bytes)
      return true
    } catch {
      return false
    }
  }

  #onHead(startLine: string, headers: HeaderList): Framing {
    const [method = '', target = ''] = startLine.split(' ')
    const framing = framingOf(headers) ?? 0
    this.#isAmidMessage = true
    this.#bodyChunks = []
    this.#body = framing === 0 ? undefined : Promise.withResolvers()
    // Nobody need be waiting for it.
    this.#body?.promise.catch(() => {})
    const body = this.#body?.promise ?? noBody
    this.#request = { method: method.toUpperCase(), target, headers, body }
    if (this.#request.method === 'CONNECT') this.#isForEngine = true
    const mayBeAlone = !this.#isForEngine && this.#isAlone !== false
    this.#isAlone = this.#listener.onHead(this.#request, mayBeAlone)
    return framing
  }

  #onEnd(): void {
    this.#isAmidMessage = false
    this.#body?.resolve(Buffer.concat(this.#bodyChunks ?? []))
    this.#body = undefined
    this.#bodyChunks = undefined
    this.#listener.onEnd(this.#isAlone === true)
  }
}

// Of a method that Node does not know, which a client may have made up (RFC 9110 16.1).
const requestLine = /^[!#$%&'*+.^_`|~\w-]+ \S+ HTTP\/1\.[01]\r\n/

function startsRequest(bytes: Buffer): boolean {
  const method = bytes.toString('latin1', 0, 20).split(' ', 1)[0] ?? ''
  return METHODS.includes(method.toUpperCase()) || requestLine.test(bytes.toString('latin1'))
}
