import type { Duplex } from 'node:stream'
import { headerValue } from '../../model/header-list.ts'
import { clientSocket } from '../engine/client-socket.ts'
import { undecided, type EngineConnection } from '../engine/nock-engine.ts'
import { errorBeforeClose } from './error-before-close.ts'
import { keepListeners } from './keep-listeners.ts'
import { originOf, urlOfTarget } from './origin-of.ts'
import { RequestIntake, type SentRequest } from './request-intake.ts'
import { untilClosedOr } from './until-closed-or.ts'
import { isOfUndici } from '../clients/undici-sockets.ts'
import { UpgradedClient } from './upgraded-client.ts'

// A client that could do HTTP/2 has been told that the server cannot: it has written HTTP/1 already.
const http1 = 'http/1.1'

/**
 * Asked when the head of a request is there: whether Cassette decides it alone, so that the engine
 * need not hear of it.
 */
export type TakeAlone = (connection: Connection, request: SentRequest) => boolean

/** One socket of a client, seen from the server's side. */
export class Connection {
  /** The client's own. */
  readonly socket: Duplex
  readonly #server: Duplex
  readonly #controller: EngineConnection['controller']
  readonly #connectionOptions: EngineConnection['connectionOptions']
  readonly #intake: RequestIntake
  readonly #letGoForReal: () => void
  #real: Duplex | undefined
  #origin: string | undefined
  #isBusy = false
  #mayUpgrade = false
  #isRetired = false
  #isTunnel = false
  #upgradedClient: UpgradedClient | undefined
  #onBytes: (() => void) | undefined

  constructor(event: EngineConnection, takeAlone: TakeAlone) {
    const { socket: server, controller } = event
    this.#server = server
    this.socket = clientSocket(server)
    this.#controller = controller
    this.#connectionOptions = event.connectionOptions
    this.#intake = new RequestIntake(server, {
      onHead: (request, mayBeAlone) => this.#onHead(request, mayBeAlone && takeAlone),
      onEnd: (isAlone) => this.#onEnd(isAlone),
      onProtocol: (bytes) => {
        this.#upgradedClient?.hear(bytes)
        this.#onBytes?.()
      },
      mayEnd: () => !this.#intake.isUnheard || !this.#isBusy,
    })
    event.socket = this.#intake.engineSocket
    this.#letGoForReal = this.#watchPassthrough(event)
    // What somebody else answers, or nobody, is over when an agent takes the socket back. Before the
    // agent does, which would hand it to a waiting request.
    this.socket.prependListener('free', () => {
      this.#isBusy = false
      if (this.#isRetired) this.socket.destroy()
    })
    this.socket.once('close', () => this.#intake.close())
    keepListeners(this.socket)
  }

  /** The request that the client sent last, from its head on. */
  get request(): SentRequest | undefined {
    return this.#intake.request
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
    if (isPlain && this.request === undefined && this.#controller.readyState === undecided) {
      this.#real = this.#controller.passthrough()
    }
  }

  /** Has all of the answer come that there is, for the client to keep what it has not read. */
  takeAll(): void {
    const real = this.#real
    if (real === undefined) return
    // As the engine does where the client has no room.
    real.pause = () => real
    real.resume()
  }

  /** What a request for a target of this connection is for. */
  urlOf(target: string): string {
    this.#origin ??= originOf(this.#connectionOptions, 'encrypted' in this.socket)
    return urlOfTarget(target, this.#origin)
  }

  /** Lets a request go that Cassette has decided alone. */
  passThrough(): void {
    this.#letGoForReal()
  }

  /** Keeps nothing of the present request's body, which nobody here will ask for. */
  forgetBody(): void {
    this.#intake.forgetBody()
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
    if (!this.push(bytes)) await this.drained()
  }

  /**
   * Sends to the client.
   *
   * @returns whether it can take more
   */
  push(bytes: Uint8Array): boolean {
    return this.#server.write(bytes)
  }

  /** Resolves once the client can take more, or has gone. */
  async drained(): Promise<void> {
    await untilClosedOr(this.socket, (resolve) => this.#server.once('drain', resolve))
  }

  /** Ends the server's direction. */
  end(): void {
    this.#server.end()
  }

  /**
   * Says that the answer to a request is complete.
   *
   * @param request the present one by default; the client may have sent another already
   */
  done(request: SentRequest | undefined = this.request): void {
    if (request !== this.request) return
    this.#isBusy = false
    this.#controller.uncorkReads()
    if (this.#isRetired) this.end()
  }

  /** Makes the client take another connection once its present request is over. */
  retire(): void {
    if (this.#upgradedClient !== undefined) return
    this.#isRetired = true
    if (this.#isBusy) return
    // What it has not read of the answer is still its.
    if (this.socket.readableLength > 0) this.end()
    else this.socket.destroy()
  }

  failure(error: Error): Error {
    return error
  }

  fresh(bytes: Buffer): Buffer {
    return bytes
  }

  /**
   * Takes what comes from now on for another protocol than HTTP.
   *
   * @returns what the client says in it
   */
  leaveHttp(toWebSocket: boolean): UpgradedClient {
    this.#isRetired = false
    this.#upgradedClient = new UpgradedClient(toWebSocket)
    this.#intake.leaveHttp()
    // The server's side of the engine does not hear of it.
    this.socket.once('finish', () => {
      this.#upgradedClient?.end()
      this.#onBytes?.()
    })
    return this.#upgradedClient
  }

  /** Resolves once the client has sent more in that protocol, or has gone. */
  async heard(): Promise<void> {
    await untilClosedOr(this.socket, (resolve) => {
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

  /** @returns lets the present request go, where the engine has not heard of it */
  #watchPassthrough({ controller, connectionOptions }: EngineConnection): () => void {
    const passthrough = controller.passthrough.bind(controller)
    const letGo = (...rest: unknown[]): Duplex => {
      if (this.#isBusy) connectionOptions.ALPNProtocols &&= [http1]
      errorBeforeClose(this.socket, () => this.#real?.destroyed === true)
      this.#real = passthrough(...rest)
      return this.#real
    }
    controller.passthrough = (...rest) => {
      // The engine lets a connection go whose client listens and says nothing, as one does whose
      // server speaks first. These speak first themselves, however late, or, once their request is
      // aborted, never; or they have spoken, and the engine has not been told.
      const isOfHttp = Boolean(Reflect.get(this.socket, '_httpMessage'))
      const speaksFirst = this.#isTunnel || isOfHttp || isOfUndici(this.socket)
      if (this.#intake.isUnheard || (speaksFirst && !this.#isBusy)) return this.socket
      return letGo(...rest)
    }
    return letGo
  }

  #onHead(request: SentRequest, takeAlone: TakeAlone | false): boolean {
    this.#isBusy = true
    this.#mayUpgrade = headerValue(request.headers, 'upgrade') !== undefined
    // Where the server does not switch, the engine has stopped listening all the same.
    if (this.#mayUpgrade) this.#isRetired = true
    if (takeAlone === false || !takeAlone(this, request)) return false
    if (this.#controller.readyState !== undecided) this.#controller.reset()
    return true
  }

  #onEnd(isAlone: boolean): void {
    // What follows a request to switch protocols is part of the same conversation.
    if (isAlone && !this.#mayUpgrade) this.#controller.scheduleReset()
  }
}
