import { headerValue, type HeaderList } from '../../model/header-list.ts'
import type { Exchange, Outcome, RecordSignals, RequestHead } from '../../model/interceptor.ts'
import { onAbort } from '../../model/on-abort.ts'
import type { Connection } from './connection.ts'
import { keepDestroy } from './keep-destroy.ts'
import {
  decided,
  undecided,
  type EngineController,
  type NockEngine,
} from '../engine/nock-engine.ts'
import { receiveOutcome } from './receive-outcome.ts'
import type { SentRequest } from './request-intake.ts'
import { replayOutcome, replayUpgrade } from './replay-outcome.ts'
import { swallowContinue } from './swallow-continue.ts'

/** Decides a request; only the engine's own can answer it with a Response. */
type RequestController = Omit<EngineController, 'respondWith'> & Partial<EngineController>

/** One request on a connection that the engine has intercepted, as an Exchange. */
export class ConnectionExchange implements Exchange {
  readonly method: string
  readonly url: string
  readonly headers: HeaderList
  readonly #engine: NockEngine
  readonly #connection: Connection
  readonly #controller: RequestController
  readonly #request: SentRequest
  #hasContinued = false

  constructor(
    engine: NockEngine,
    connection: Connection,
    controller: RequestController,
    request: SentRequest,
    { method, url }: Pick<RequestHead, 'method' | 'url'>,
  ) {
    this.method = method
    this.url = url
    this.headers = request.headers
    this.#engine = engine
    this.#connection = connection
    this.#controller = controller
    this.#request = request
  }

  async body(): Promise<Buffer> {
    // The client waits for this before it sends the body (RFC 9110 10.1.1).
    if (headerValue(this.headers, 'expect')?.toLowerCase() === '100-continue') {
      this.#hasContinued = true
      this.#connection.socket.push('HTTP/1.1 100 Continue\r\n\r\n')
    }
    return this.#request.body
  }

  replay(outcome: Outcome, speed: number): void {
    if (!this.#isOpen()) return
    const { response } = outcome
    if (this.method === 'CONNECT' && response !== undefined && response.status < 300) {
      this.#openTunnel(response.status, response.statusText, response.headers)
      return
    }
    this.#controller.readyState = decided
    this.#connection.claim()
    const request = {
      method: this.method,
      headers: this.headers,
      hasContinued: this.#hasContinued,
    }
    if (response?.status === 101) replayUpgrade(this.#connection, request, outcome, speed)
    else replayOutcome(this.#connection, request, outcome, speed)
  }

  fail(error: Error): void {
    if (this.#isOpen()) this.#controller.errorWith(error)
  }

  passthrough(): void {
    this.#connection.forgetBody()
    this.#send()
  }

  #send(): void {
    if (!this.#isOpen()) return
    if (this.#hasContinued) swallowContinue(this.#connection.socket)
    void this.#controller.passthrough()
  }

  async record(signals: RecordSignals): Promise<Outcome> {
    if (!this.#isOpen()) return {}
    this.#send()
    // A client that reads no more holds its server up.
    const stop = onAbort(signals.wanted, () => this.#connection.takeAll())
    const outcome = await receiveOutcome(this.#connection, this.method, signals)
    stop()
    this.#connection.done(this.#request)
    return outcome
  }

  #isOpen(): boolean {
    return this.#controller.readyState === undecided && !this.#connection.socket.destroyed
  }

  // What is to be sent through the tunnel, the engine hears only where it has opened it itself.
  #openTunnel(status: number, statusText: string, list: HeaderList): void {
    const headers = new Headers()
    for (const [name, value] of list) headers.append(name, value)
    keepDestroy(this.#connection.socket)
    const response = new this.#engine.Response(null, { status, statusText, headers })
    this.#connection.openTunnel(() => this.#controller.respondWith?.(response))
  }
}
