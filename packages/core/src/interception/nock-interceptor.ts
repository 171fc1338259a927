import { channel } from 'node:diagnostics_channel'
import type { Duplex } from 'node:stream'
import { URL } from 'node:url'
import type { Claim, Interceptor, RequestHandler, RequestHead } from '../model/interceptor.ts'
import { atFirstUse } from './first-use.ts'
import { closeIdleAgentSockets, watchAgents } from './clients/agent-sockets.ts'
import { answerDispatches, type AnsweredDispatches } from './dispatch/answer-dispatch.ts'
import { answerBy } from './asked-exchange.ts'
import { answerFetch } from './fetch/answer-fetch.ts'
import { answerHttp, type AnsweredHttp } from './http/answer-http.ts'
import { isAddRequestPlaced, removeAddRequest } from './http/own-add-request.ts'
import { clientSocket } from './engine/client-socket.ts'
import { Connection, type TakeAlone } from './wire/connection.ts'
import { ConnectionExchange } from './wire/connection-exchange.ts'
import { asOwnEngine, isAnyForeign, tellForeignEngines } from './engine/foreign-engines.ts'
import { watchHttp, type HttpRequests } from './clients/http-requests.ts'
import { watchHttp2 } from './clients/http2-connections.ts'
import {
  hasEngineListeners,
  nockEngine,
  type EngineRequest,
  type NockEngine,
} from './engine/nock-engine.ts'
import { OwnController } from './engine/own-controller.ts'
import { rememberGlobals, rememberWebClasses } from './engine/patched-globals.ts'
import type { SentRequest } from './wire/request-intake.ts'
import { decideLast } from './engine/request-order.ts'
import { notPastEngine } from './engine/internal-connection.ts'
import { onUndici } from './clients/undici-channel.ts'
import {
  closeUndiciSockets,
  renewUndiciSockets,
  watchUndiciSockets,
} from './clients/undici-sockets.ts'
import { watchUndici, type UndiciRequest } from './clients/undici-requests.ts'

// Who listens hears of every connection.
const connections = channel('net.client.socket')

type Target = Pick<RequestHead, 'method' | 'url'>

// From import on: what is pooled before the first insertion has to be known at the insertion.
watchUndiciSockets()
watchAgents()

/** Takes over the network with nock's engine; docs/decisions/0001 tells why and how. */
export class NockInterceptor implements Interceptor {
  readonly #releases: (() => void)[] = []
  readonly #connections = new Map<Duplex, Connection>()
  readonly #sending = new Map<Duplex, UndiciRequest>()
  #http: HttpRequests | undefined
  #isAnyWaiting = (): boolean => false

  apply(handler: RequestHandler): void {
    const onWebClasses = rememberWebClasses()
    const isLate = hasEngineListeners()
    const wasPlaced = isAddRequestPlaced()
    closeIdleAgentSockets()
    // `fetch` is answered without it, and what only plays with `fetch` never loads it.
    let engine: NockEngine | undefined
    let answered: AnsweredHttp | undefined
    let dispatches: AnsweredDispatches | undefined
    const engineReleases: (() => void)[] = []
    const isOfEngine = (socket: Duplex) => this.#connections.has(socket)
    const onFirstUse = () =>
      onWebClasses(() => {
        // It sees no connection that was opened before it.
        closeIdleAgentSockets()
        engineReleases.push(closeUndiciSockets(isOfEngine))
        engine = this.#applyEngine(handler, engineReleases)
      })
    const firstUse = atFirstUse(onFirstUse, {
      isLater: (message) =>
        answered?.isHeld(requestOf(message)) === true || dispatches?.isGoingOut() === true,
      alone: (socket, args) =>
        answered?.connect(socket, args) ??
        (dispatches?.isConnecting(args) === true ? 'as always' : undefined),
    })
    this.#releases.push(() => {
      for (const release of engineReleases.toReversed()) release()
      firstUse.release()
      // The engine's was on top of it.
      if (!wasPlaced) removeAddRequest()
    })
    const isAnyoneBefore = () => engine?.hasOthers() ?? isAnyForeign()
    const mayGoOut = () => firstUse.isWaiting()
    const asked = answerDispatches(handler, { isAnyoneBefore, mayGoOut, isOfEngine })
    dispatches = asked
    const admit = (request: UndiciRequest) => {
      if (this.#admit(request) || asked.isLive(request.socket)) return true
      // It was made before the insertion, and comes again over another connection.
      firstUse.takeOver()
      return false
    }
    const undici = watchUndici(asked.claim, admit)
    const http = watchHttp(handler, isOfEngine)
    this.#http = http
    const mayConnect = () => !connections.hasSubscribers && firstUse.isWaiting()
    answered = answerHttp({ requests: http, isAnyoneBefore, mayConnect, isOfEngine })
    this.#isAnyWaiting = () => undici.isAnyWaiting() || http.isAnyWaiting()
    this.#releases.push(
      () => asked.release(),
      answerFetch(handler, asked),
      () => undici.release(),
      () => http.release(),
      () => answered?.release(),
    )
    // The class WebSocket of another copy leads its own connections past all engines. This one never
    // connects by undici itself.
    this.#releases.push(onUndici('undici:client:beforeConnect', notPastEngine))
    // Who listens there already has loaded it, and is to be behind us.
    if (isLate) firstUse.takeOver()
  }

  dispose(): void {
    for (const release of this.#releases.splice(0).toReversed()) release()
  }

  async renew(): Promise<void> {
    await renewUndiciSockets()
  }

  #applyEngine(handler: RequestHandler, releases: (() => void)[]): NockEngine {
    const engine = nockEngine()
    const restoreGlobals = rememberGlobals()
    const isLate = hasEngineListeners()
    asOwnEngine(() => engine.http.apply())
    engine.acceptForeignSignals()
    releases.push(() => {
      engine.http.dispose()
      // A user's own nock keeps the engine's patches; it will give them back itself.
      if (!hasEngineListeners()) restoreGlobals()
    })
    engine.http.on('request', (event) => this.#onRequest(engine, event, handler))
    if (isLate) engine.moveNockLast()
    releases.push(tellForeignEngines())
    const takeAlone: TakeAlone = (connection, sent) =>
      this.#takeAlone(engine, connection, sent, handler)
    releases.push(
      engine.onConnection((event) => this.#keep(new Connection(event, takeAlone))),
      () => this.#retireSockets(),
      watchHttp2(handler),
    )
    return engine
  }

  #keep(connection: Connection): void {
    const { socket } = connection
    this.#connections.set(socket, connection)
    // One that no request waits for is none of HTTP: a port that is probed, another protocol.
    queueMicrotask(() => {
      if (!this.#isAnyWaiting()) connection.letGo()
    })
    socket.once('close', () => {
      this.#connections.delete(socket)
      this.#sending.delete(socket)
    })
  }

  // A socket that is used once more in another life answers to nobody.
  #retireSockets(): void {
    for (const connection of this.#connections.values()) connection.retire()
    this.#connections.clear()
  }

  #admit(request: UndiciRequest): boolean {
    if (!this.#connections.has(request.socket)) return false
    this.#sending.set(request.socket, request)
    return true
  }

  /**
   * Decides a request without the engine, where nobody else there wants to hear of it.
   *
   * @returns whether it does
   */
  #takeAlone(
    engine: NockEngine,
    connection: Connection,
    sent: SentRequest,
    handler: RequestHandler,
  ): boolean {
    if (engine.hasOthers()) return false
    const { method } = sent
    const url = connection.urlOf(sent.target)
    const { socket } = connection
    const claim = this.#claimOf(socket, this.#takeSending(socket, { method, url }), handler)
    const controller = new OwnController(connection)
    const exchange = new ConnectionExchange(engine, connection, controller, sent, { method, url })
    if (claim === undefined) connection.forgetBody()
    // The client is still writing.
    queueMicrotask(() => {
      if (claim === undefined) exchange.passthrough()
      else void answerBy(claim, exchange)
    })
    return true
  }

  #claimOf(
    socket: Duplex | undefined,
    sending: UndiciRequest | undefined,
    handler: RequestHandler,
  ): Claim | undefined {
    const known = sending ?? (socket && this.#http?.claimOn(socket))
    return known !== undefined && 'claim' in known ? known.claim : handler()
  }

  #onRequest(engine: NockEngine, event: EngineRequest, handler: RequestHandler): void {
    const { request, controller } = event
    const head = {
      method: request.method,
      // A CONNECT request's target is an authority.
      url: request.method === 'CONNECT' ? `http://${request.url}/` : request.url,
    }
    const told = socketOf(event.initiator)
    const sending = this.#takeSending(told, head)
    const socket = told ?? sending?.socket
    const claim = this.#claimOf(socket, sending, handler)
    if (claim === undefined) {
      this.#connectionOf(socket, head)?.forgetBody()
      return
    }
    const decide = async (): Promise<void> => {
      const connection = this.#connectionOf(socket, head)
      const sent = connection?.request
      if (connection === undefined || sent === undefined) {
        controller.errorWith(
          // Nothing is redacted here.
          new Error(
            `Cassette cannot tell the connection of a ${head.method} request to ` +
              `${new URL(head.url).origin}.`,
          ),
        )
        return
      }
      await answerBy(claim, new ConnectionExchange(engine, connection, controller, sent, head))
    }
    decideLast(controller, decide, () => claim.drop())
  }

  /** The connection that a request came over: by its socket, or, where that is not told, by its looks. */
  #connectionOf(socket: Duplex | undefined, { method, url }: Target): Connection | undefined {
    if (socket !== undefined) return this.#connections.get(socket)
    return [...this.#connections.values()].findLast(
      ({ request }) => request?.method === method && url.endsWith(request.target),
    )
  }

  /** What undici sends over the socket of a request, or, where that is not told, what looks like it. */
  #takeSending(socket: Duplex | undefined, { method, url }: Target): UndiciRequest | undefined {
    const found =
      socket === undefined
        ? [...this.#sending.values()].find((one) => one.method === method && one.url === url)
        : this.#sending.get(socket)
    if (found !== undefined) this.#sending.delete(found.socket)
    return found
  }
}

/** The client's socket, where the initiator of a request tells it. */
function socketOf(initiator: unknown): Duplex | undefined {
  if (isDuplex(initiator)) return clientSocket(initiator)
  const isHolder = typeof initiator === 'object' && initiator !== null && 'socket' in initiator
  return isHolder && isDuplex(initiator.socket) ? initiator.socket : undefined
}

function isDuplex(value: unknown): value is Duplex {
  return typeof value === 'object' && value !== null && 'push' in value && 'once' in value
}

/** What a message of a channel is about. */
function requestOf(message: unknown): object {
  return Reflect.get(Object(message), 'request')
}
