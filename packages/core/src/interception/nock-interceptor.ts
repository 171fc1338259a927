import type { Duplex } from 'node:stream'
import type { Interceptor, RequestHandler, RequestHead } from '../model/interceptor.ts'
import { EngineExchange } from './engine-exchange.ts'
import { watchHttp, type HttpRequests } from './http-requests.ts'
import { exemptHttp2 } from './http2-exemption.ts'
import { nockEngine, type EngineRequest, type NockEngine } from './nock-engine.ts'
import { rememberGlobals } from './patched-globals.ts'
import { rawHeaders } from './raw-headers.ts'
import { decideLast } from './request-order.ts'
import { closeIdleUndiciSockets, watchUndiciSockets } from './undici-sockets.ts'
import { watchUndici, type UndiciRequest } from './undici-requests.ts'

// From import on: what is pooled before the first insertion has to be known at the insertion.
watchUndiciSockets()

/** Takes over the network with nock's engine; docs/decisions/0001 tells why and how. */
export class NockInterceptor implements Interceptor {
  readonly #releases: (() => void)[] = []
  readonly #sockets = new Set<Duplex>()
  readonly #exchanges = new Map<string, EngineExchange>()
  readonly #sending = new Map<Duplex, UndiciRequest>()
  #http: HttpRequests | undefined

  apply(handler: RequestHandler): void {
    const engine = nockEngine()
    const restoreGlobals = rememberGlobals()
    const isLate = engine.hasListeners()
    closeIdleUndiciSockets()
    engine.http.apply()
    this.#releases.push(() => {
      engine.http.dispose()
      // A user's own nock keeps the engine's patches; it will give them back itself.
      if (!engine.hasListeners()) restoreGlobals()
    })
    engine.http.on('request', (event) => this.#onRequest(engine, event, handler))
    engine.http.on('response', ({ requestId, response }) => {
      this.#exchanges.get(requestId)?.onResponse(response)
    })
    if (isLate) engine.moveNockLast()
    // After `apply`: the engine has to be the first to hear of a connection.
    engine.sockets.on('connection', ({ socket }) => this.#keep(clientSocket(socket)))
    this.#releases.push(() => this.#retireSockets())
    this.#releases.push(watchUndici(handler, (request) => this.#admit(request)))
    const http = watchHttp(handler, (socket) => this.#sockets.has(socket))
    this.#http = http
    this.#releases.push(() => http.release())
    this.#releases.push(exemptHttp2())
  }

  dispose(): void {
    for (const release of this.#releases.splice(0).toReversed()) release()
  }

  #keep(socket: Duplex): void {
    this.#sockets.add(socket)
    socket.once('close', () => {
      this.#sockets.delete(socket)
      this.#sending.delete(socket)
    })
  }

  // The engine ends a socket after it answered on it once more in another life. Agents of node:http
  // let go of a socket at this event; undici's are closed by the next `apply`.
  #retireSockets(): void {
    for (const socket of this.#sockets) socket.emit('agentRemove')
    this.#sockets.clear()
  }

  #admit(request: UndiciRequest): boolean {
    if (!this.#sockets.has(request.socket)) return false
    this.#sending.set(request.socket, request)
    return true
  }

  #onRequest(engine: NockEngine, event: EngineRequest, handler: RequestHandler): void {
    const { request, requestId, controller } = event
    const head = {
      method: request.method,
      // A CONNECT request's target is an authority.
      url: request.method === 'CONNECT' ? `http://${request.url}/` : request.url,
      headers: rawHeaders(request.headers),
    }
    const told = socketOf(event.initiator)
    const sending = this.#takeSending(told, head)
    const socket = told ?? sending?.socket
    const known = sending ?? (socket && this.#http?.claimOn(socket))
    const claim = known !== undefined && 'claim' in known ? known.claim : handler()
    if (claim === undefined) return
    const decide = async (): Promise<void> => {
      const exchange = new EngineExchange(engine, head, event, socket)
      this.#exchanges.set(requestId, exchange)
      try {
        await claim.answer(exchange)
      } catch (error) {
        exchange.fail(error instanceof Error ? error : new Error(String(error)))
      } finally {
        this.#exchanges.delete(requestId)
      }
    }
    decideLast(controller, decide, () => claim.drop())
  }

  /** What undici sends over the socket of a request, or, where that is not told, what looks like it. */
  #takeSending(
    socket: Duplex | undefined,
    { method, url }: RequestHead,
  ): UndiciRequest | undefined {
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

/** The engine hands out a proxy, the server's side; its `once` returns the client's own socket. */
function clientSocket(serverSide: Duplex): Duplex {
  return serverSide.once('close', nothing).removeListener('close', nothing)
}

function nothing(): void {}

function isDuplex(value: unknown): value is Duplex {
  return typeof value === 'object' && value !== null && 'push' in value && 'once' in value
}
