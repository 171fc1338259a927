import { METHODS } from 'node:http'
import type { Duplex } from 'node:stream'
import { headerValue, type HeaderList } from '../model/header-list.ts'
import { clientSocket } from './client-socket.ts'
import { framingOf, MessageReader } from './message-reader.ts'
import { undecided, type EngineConnection } from './nock-engine.ts'
import { isOfUndici } from './undici-sockets.ts'
import { UpgradedClient } from './upgraded-client.ts'

// A client that could do HTTP/2 has been told that the server cannot: it has written HTTP/1 already.
const http1 = 'http/1.1'

/** A request as its bytes tell it. */
export interface SentRequest {
  readonly method: string
  /** As it stands in the request line. */
  readonly target: string
  readonly headers: HeaderList
  /** Without transfer coding; rejects where the client goes before the end. */
  readonly body: Promise<Buffer>
}

/** What a socket that is not connected yet keeps of a write. */
interface PendingWrite {
  readonly chunk: string | Buffer
  readonly encoding?: BufferEncoding
}

/** One socket of a client, seen from the server's side. */
export class Connection {
  /** The client's own. */
  readonly socket: Duplex
  readonly #server: Duplex
  readonly #controller: EngineConnection['controller']
  readonly #connectionOptions: EngineConnection['connectionOptions']
  readonly #reader: MessageReader
  #request: SentRequest | undefined
  #failBody: (() => void) | undefined
  #bodyChunks: Buffer[] | undefined
  #real: Duplex | undefined
  #isBusy = false
  #isRetired = false
  #isTunnel = false
  #upgradedClient: UpgradedClient | undefined
  #onBytes: (() => void) | undefined

  constructor(event: EngineConnection) {
    const { socket: server, controller } = event
    this.#server = server
    this.socket = clientSocket(server)
    this.#controller = controller
    this.#connectionOptions = event.connectionOptions
    this.#watchPassthrough(event)
    this.#reader = this.#readRequests()
    // What somebody else answers, or nobody, is over when an agent takes the socket back. Before the
    // agent does, which would hand it to a waiting request.
    this.socket.prependListener('free', () => {
      this.#isBusy = false
      if (this.#isRetired) this.socket.destroy()
    })
    this.socket.once('close', () => this.#failBody?.())
  }

  /** The request that the client sent last, from its head on. */
  get request(): SentRequest | undefined {
    return this.#request
  }

  /** The connection to the real server, once there is one. */
  get real(): Duplex | undefined {
    return this.#real
  }

  /**
   * Lets the connection be made for real, as far as nobody has said anything over it. Without TLS:
   * a client that asks a server first for its protocol has no request yet.
   */
  letGo(): void {
    const isPlain = !('encrypted' in this.socket)
    if (isPlain && this.#request === undefined && this.#controller.readyState === undecided) {
      this.#real = this.#controller.passthrough()
    }
  }

  /** Keeps nothing of the present request's body, which nobody here will ask for. */
  forgetBody(): void {
    this.#bodyChunks = undefined
  }

  /** Takes the server's place for the present request. */
  claim(): void {
    // A client that verifies its server would have left another one: what was recorded came from a
    // server that it trusts. The engine's listener, which comes before this one, says the opposite.
    const isShakingHands = Reflect.get(this.socket, 'secureConnecting') === true
    if (isShakingHands && this.#connectionOptions.rejectUnauthorized !== false) {
      this.socket.prependOnceListener('secureConnect', () => {
        Object.assign(this.socket, { authorized: true, authorizationError: null })
      })
    }
    this.#controller.claim()
    // What the real server says or closes meanwhile comes after the answer.
    this.#controller.corkReads()
  }

  /** Sends to the client; resolves once the client can take more, or has gone. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#server.write(bytes)) return
    await this.#waitFor((resolve) => this.#server.once('drain', resolve))
  }

  /** Ends the server's direction. */
  end(): void {
    this.#server.end()
  }

  /** Says that the answer to the present request is complete. */
  done(): void {
    this.#isBusy = false
    this.#controller.uncorkReads()
    if (this.#isRetired) this.end()
  }

  /** Makes the client take another connection once its present request is over. */
  retire(): void {
    if (this.#upgradedClient !== undefined) return
    this.#isRetired = true
    if (!this.#isBusy) this.socket.destroy()
  }

  /**
   * Takes what comes from now on for another protocol than HTTP.
   *
   * @returns what the client says in it
   */
  leaveHttp(toWebSocket: boolean): UpgradedClient {
    this.#isRetired = false
    this.#upgradedClient = new UpgradedClient(toWebSocket)
    this.#reader.leaveHttp()
    // The server's side of the engine does not hear of it.
    this.socket.once('finish', () => {
      this.#upgradedClient?.end()
      this.#onBytes?.()
    })
    return this.#upgradedClient
  }

  /** Resolves once the client has sent more in that protocol, or has gone. */
  async heard(): Promise<void> {
    await this.#waitFor((resolve) => {
      this.#onBytes = resolve
    })
  }

  /**
   * Answers a CONNECT without a proxy. What would go through the tunnel to its target without being
   * a request that somebody let go does not.
   *
   * @param respond makes the engine answer
   */
  openTunnel(respond: () => void): void {
    const controller = this.#controller
    this.#isTunnel = true
    this.#isBusy = false
    // The engine makes the socket ready for what the tunnel carries before it has finished
    // connecting it, and then fails an assertion of Node's; docs/discoveries/0001.
    controller.reset = () => {
      Reflect.deleteProperty(controller, 'reset')
      queueMicrotask(() => controller.reset())
    }
    respond()
  }

  async #waitFor(listen: (resolve: () => void) => void): Promise<void> {
    if (this.socket.destroyed) return
    const { promise, resolve } = Promise.withResolvers<void>()
    listen(resolve)
    this.socket.once('close', resolve)
    await promise
    this.socket.removeListener('close', resolve)
  }

  #watchPassthrough({ controller, connectionOptions }: EngineConnection): void {
    const passthrough = controller.passthrough.bind(controller)
    controller.passthrough = (...rest) => {
      // The engine lets a connection go whose client listens and says nothing, as one does whose
      // server speaks first. These speak first themselves, or, once their request is aborted, never.
      const speaksFirst = this.#isTunnel || isOfUndici(this.socket)
      if (speaksFirst && !this.#isBusy) return this.socket
      if (this.#isBusy) connectionOptions.ALPNProtocols &&= [http1]
      this.#real = passthrough(...rest)
      return this.#real
    }
  }

  #readRequests(): MessageReader {
    let body = Promise.withResolvers<Buffer>()
    let isHttp: boolean | undefined
    const reader = new MessageReader({
      onHead: (startLine, headers) => {
        const [method = '', target = ''] = startLine.split(' ')
        this.#bodyChunks = []
        body = Promise.withResolvers()
        // Nobody need be waiting for it.
        body.promise.catch(() => {})
        this.#request = { method, target, headers, body: body.promise }
        this.#failBody = () => body.reject(new Error('The client closed the connection.'))
        this.#isBusy = true
        // Where the server does not switch, the engine has stopped listening all the same.
        if (headerValue(headers, 'upgrade') !== undefined) this.#isRetired = true
        return framingOf(headers) ?? 0
      },
      onBody: (bytes) => {
        if (this.#failBody !== undefined) {
          this.#bodyChunks?.push(bytes)
          return
        }
        this.#upgradedClient?.hear(bytes)
        this.#onBytes?.()
      },
      onEnd: () => {
        this.#failBody = undefined
        body.resolve(Buffer.concat(this.#bodyChunks ?? []))
        this.#bodyChunks = undefined
      },
    })
    const hear = (bytes: Buffer): void => {
      isHttp ??= startsRequest(bytes)
      if (!isHttp) return
      try {
        reader.read(bytes)
      } catch {
        // Something else than HTTP, which is not for us to judge.
        isHttp = false
      }
    }
    for (const bytes of heardAlready(this.socket)) hear(bytes)
    // Before the engine's own listener, which may ask for the request at once.
    this.#server.prependListener('data', hear)
    return reader
  }
}

/** The engine tells of a connection late: a client that writes at once has written before. */
function heardAlready(socket: Duplex): Buffer[] {
  const pending: unknown = Reflect.get(socket, '_pendingData')
  if (!Array.isArray(pending)) return []
  return pending.map(({ chunk, encoding }: PendingWrite) =>
    typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk,
  )
}

function startsRequest(bytes: Buffer): boolean {
  const method = bytes.toString('latin1', 0, 20).split(' ', 1)[0] ?? ''
  return METHODS.includes(method.toUpperCase())
}
