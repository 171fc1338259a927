import type { Claim, Outcome, RecordSignals } from '../../model/interceptor.ts'
import { untilNextTurn } from '../../model/real-timers.ts'
import { claimWith, type Asker } from '../asked-exchange.ts'
import { failureOf, receiveLive } from '../wire/live-answer.ts'
import { withMethods, type DispatchController, type DispatchHandler } from './dispatch-handler.ts'
import {
  handedResponse,
  parsedHeaders,
  rawHeaders,
  type HandedResponse,
} from './handed-response.ts'
import type { LiveListener } from './live-dispatches.ts'
import { releasable } from './releasable.ts'

/**
 * Lets undici make a request for a handler.
 *
 * @param claim of the request, should it come over a connection of the engine
 * @param listener where it is to go out over a connection of Node's own
 * @returns whether it can
 */
type LetMake = (handler: DispatchHandler, claim: Claim, listener?: LiveListener) => boolean

interface SentWhole {
  readonly method: string
  readonly body: Uint8Array
}

/** Hands a response to a handler of undici, as undici would, or a request on to undici. */
export class Delivery implements DispatchController, Asker {
  // undici shows these to handlers.
  rawHeaders: Buffer[] | null = null
  rawTrailers: Buffer[] | null = null
  aborted = false
  reason: unknown = null
  paused = false
  readonly #handler: DispatchHandler
  readonly #request: SentWhole
  readonly #isModern: boolean
  readonly #letMake: LetMake
  #isOver = false
  #goOn: (() => void) | undefined
  /** Who has taken over. */
  #undici: Partial<DispatchController> | undefined

  constructor(handler: DispatchHandler, request: SentWhole, letMake: LetMake) {
    this.#handler = handler
    this.#request = request
    this.#letMake = letMake
    this.#isModern = typeof handler.onRequestStart === 'function'
  }

  /** Tells the handler that its request is under way, as undici does before it writes. */
  start(): void {
    this.#try(() => {
      if (this.#isModern) this.#handler.onRequestStart?.(this, null)
      else this.#handler.onConnect?.((reason) => this.abort(reason))
    })
  }

  replay(outcome: Outcome, speed: number): boolean {
    const response = handedResponse(outcome, this.#request.method, speed)
    if (response !== undefined) void this.#deliver(response)
    return response !== undefined
  }

  async #deliver(response: HandedResponse): Promise<void> {
    const { chunks } = response
    this.#sent(this.#request.body)
    this.#head(response)
    for (const chunk of chunks) {
      // Clients join what comes in one turn, and would see one chunk where there were several.
      // oxlint-disable-next-line no-await-in-loop -- chunks come one after the other
      if (chunks.length > 1) await untilNextTurn()
      // oxlint-disable-next-line no-await-in-loop -- not faster than the client reads
      if (this.paused) await this.#resumed()
      if (this.#isOver) return
      // Its own copy: the application may change it.
      this.#data(Buffer.from(chunk.bytes))
    }
    if (this.paused) await this.#resumed()
    if (!this.#isOver) this.#end()
  }

  passThrough(): boolean {
    return this.#letMake(
      this.#started(),
      claimWith((exchange) => exchange.passthrough()),
      {},
    )
  }

  record(signals: RecordSignals): Promise<Outcome> | undefined {
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    const claim = {
      // At once: it is dropped when the client has its answer.
      ...claimWith((exchange) => resolve(exchange.record(signals))),
      drop: () => resolve({}),
    }
    const { method } = this.#request
    const { handler, release } = releasable(this.#started())
    const live = { hasLeft: () => this.aborted, release }
    const isOut = this.#letMake(handler, claim, {
      onSocket: (socket) => resolve(receiveLive(socket, method, live, signals)),
      onError: (error) => resolve(this.aborted ? {} : { error: failureOf(error) }),
    })
    return isOut ? promise : undefined
  }

  handOn(claim: Claim): void {
    this.#letMake(this.#started(), claim)
  }

  /** The same handler for undici itself, started already. */
  #started(): DispatchHandler {
    const follow = (undici: Partial<DispatchController>): void => {
      this.#undici = undici
      if (this.aborted) undici.abort?.(this.reason)
    }
    return withMethods(this.#handler, {
      onRequestStart: follow,
      onConnect: (abort) => follow({ abort }),
    })
  }

  pause(): void {
    this.paused = true
    this.#undici?.pause?.()
  }

  resume(): void {
    this.#undici?.resume?.()
    if (!this.paused) return
    this.paused = false
    this.#goOn?.()
  }

  abort(reason?: unknown): void {
    if (this.aborted || this.#isOver) return
    this.aborted = true
    this.reason = reason
    if (this.#undici === undefined) this.fail(reason ?? abortError())
    else this.#undici.abort?.(reason)
  }

  #sent(body: Uint8Array): void {
    this.#try(() => {
      if (body.length > 0) this.#handler.onBodySent?.(body)
      this.#handler.onRequestSent?.()
      this.#handler.onResponseStarted?.()
    })
  }

  #head({ status, statusText, headers }: HandedResponse): void {
    const raw = rawHeaders(headers)
    this.rawHeaders = raw
    this.#try(() => {
      if (this.#isModern) {
        this.#handler.onResponseStart?.(this, status, parsedHeaders(headers), statusText)
        return
      }
      const resume = () => this.resume()
      const answer = this.#handler.onHeaders?.(status, [...raw], resume, statusText)
      if (answer === false) this.pause()
    })
  }

  #data(chunk: Buffer): void {
    this.#try(() => {
      if (this.#isModern) this.#handler.onResponseData?.(this, chunk)
      else if (this.#handler.onData?.(chunk) === false) this.pause()
    })
  }

  #end(): void {
    this.#isOver = true
    this.rawTrailers = []
    try {
      if (this.#isModern) this.#handler.onResponseEnd?.(this, {})
      else this.#handler.onComplete?.([])
    } catch (error) {
      this.#tell(error)
    }
  }

  /** What a handler throws breaks its request off. */
  #try(call: () => void): void {
    if (this.#isOver) return
    try {
      call()
    } catch (error) {
      this.abort(error)
    }
  }

  /** Tells the handler that there is no response, and why. */
  fail(error: unknown): void {
    this.#isOver = true
    this.#goOn?.()
    this.#tell(error)
  }

  #tell(error: unknown): void {
    if (this.#isModern) this.#handler.onResponseError?.(this, error)
    else this.#handler.onError?.(error)
  }

  async #resumed(): Promise<void> {
    if (this.#isOver) return
    await new Promise<void>((resolve) => {
      this.#goOn = resolve
    })
    this.#goOn = undefined
  }
}

function abortError(): Error {
  const error = Object.assign(new Error('Request aborted'), { code: 'UND_ERR_ABORTED' })
  error.name = 'AbortError'
  return error
}
