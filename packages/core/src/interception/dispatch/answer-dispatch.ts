import { AsyncLocalStorage } from 'node:async_hooks'
import type { Duplex } from 'node:stream'
import type { Claim, RequestHandler } from '../../model/interceptor.ts'
import { untilNextTurn } from '../../model/real-timers.ts'
import { Delivery } from './delivery.ts'
import { answerBy, AskedExchange } from '../asked-exchange.ts'
import { isDispatchHandler, type DispatchHandler } from './dispatch-handler.ts'
import {
  dispatchedRequest,
  type DispatchedRequest,
  type DispatchOptions,
} from './dispatched-request.ts'
import { isClosed, takeOverDispatchers, type Dispatcher } from './global-dispatchers.ts'
import { LiveDispatches, type LiveListener } from './live-dispatches.ts'
import { isUndiciTraced } from '../clients/undici-listeners.ts'

/** What is known of a request before undici is asked for it. */
interface Foreseen {
  /** Its claim, where one was made. */
  readonly claimed?: { readonly claim: Claim | undefined }
  /** Called with the headers that undici is asked for. */
  readonly onDispatch?: (headers: unknown) => void
}

/** The requests that are answered before undici makes them. */
export interface AnsweredDispatches {
  /** Claims what undici makes: what was claimed before it is not claimed twice. */
  readonly claim: RequestHandler
  /** Whether a request of global `fetch` would be answered here, if it is a plain one. */
  mayAnswer(): boolean
  /** Runs a function that has one request made, soon and in its async context. */
  foresee<Result>(request: Foreseen, run: () => Result): Result
  /** Whether undici is being asked for a request that is to go out over a connection of Node's own. */
  isGoingOut(): boolean
  /**
   * Whether the socket that is about to connect, with what its method `connect` gets, can be for none
   * but such requests, as long as the engine is not needed.
   */
  isConnecting(args: readonly unknown[]): boolean
  /** Whether the request that goes over a socket now is such a one. */
  isLive(socket: Duplex): boolean
  /** Gives the dispatchers back. */
  release(): void
}

/** What else is to be known of the network, to answer requests of undici. */
export interface Network {
  /** Whether anybody else may want a request first. */
  readonly isAnyoneBefore: () => boolean
  /** Whether a connection can be Node's own. */
  readonly mayGoOut: () => boolean
  /** Whether the engine stands in a socket. */
  readonly isOfEngine: (socket: Duplex) => boolean
}

/**
 * Answers global `fetch`, and what else goes through undici's global dispatcher, without a socket,
 * where a stored response can, and has others go out over Node's own; docs/decisions/0009 and 0015
 * tell why and what goes the long way.
 *
 * @param handler asked once for each request
 */
export function answerDispatches(
  handler: RequestHandler,
  { isAnyoneBefore, mayGoOut, isOfEngine }: Network,
): AnsweredDispatches {
  let isReleased = false
  const live = new LiveDispatches(isOfEngine)
  let claimed: { readonly claim: Claim | undefined } | undefined
  const foreseen = new AsyncLocalStorage<{ request: Foreseen | undefined }>()
  const mayAnswer = () => !isReleased && !isUndiciTraced() && !isAnyoneBefore()

  /** Once: later requests in that context are others, such as the next hop of a redirect. */
  const takeForeseen = (): Foreseen | undefined => {
    const holder = foreseen.getStore()
    const request = holder?.request
    if (holder !== undefined) holder.request = undefined
    return request
  }

  /** Lets undici make a request that has its claim. */
  const handOn = (
    original: Dispatcher,
    options: DispatchOptions,
    client: DispatchHandler,
    claim: Claim | undefined,
    listener?: LiveListener,
  ): boolean => {
    const mine = { claim }
    claimed = mine
    try {
      const dispatch = () => original.dispatch(options, client)
      return listener === undefined ? dispatch() : live.make(listener, dispatch)
    } finally {
      // undici has refused to make it.
      if (claimed === mine) {
        claimed = undefined
        claim?.drop()
      }
    }
  }

  const answer = async (
    original: Dispatcher,
    options: DispatchOptions,
    client: DispatchHandler,
    request: DispatchedRequest,
    claim: Claim,
  ): Promise<void> => {
    // Who asked may have changed its headers by the time they are sent.
    const asked = () => ({ ...options, headers: request.given.flat() })
    const { chunks, failure } = await read(request.body)
    const body = isStreamed(request.body) ? Buffer.concat(chunks) : request.body
    if (body.length !== request.length || failure !== undefined) {
      // The client broke off, and undici will say so.
      handOn(original, { ...asked(), body: again(chunks, failure) }, client, claim)
      return
    }
    // As with a server: in a loop that polls, timers have their turn too.
    await untilNextTurn()
    const letMake = (started: DispatchHandler, next: Claim, listener?: LiveListener): boolean => {
      if (listener !== undefined && !mayGoOut()) return false
      const sent = isStreamed(request.body) ? { ...asked(), body } : asked()
      handOn(original, sent, started, next, listener)
      return true
    }
    const delivery = new Delivery(client, { method: request.method, body }, letMake)
    delivery.start()
    if (delivery.aborted) claim.drop()
    else await answerBy(claim, new AskedExchange(request, body, delivery))
  }

  const taken = takeOverDispatchers((original) => (options, client) => {
    const { claimed: known, onDispatch } = takeForeseen() ?? {}
    onDispatch?.(options.headers)
    const isOurs = isDispatchHandler(client) && !isClosed(original) && mayAnswer()
    const request = isOurs ? dispatchedRequest(options) : undefined
    if (request === undefined) {
      return known === undefined
        ? original.dispatch(options, client)
        : handOn(original, options, client, known.claim)
    }
    const { claim } = known ?? { claim: handler() }
    if (claim === undefined) {
      return handOn(original, options, client, undefined, mayGoOut() ? {} : undefined)
    }
    void answer(original, options, client, request, claim)
    return true
  })
  return {
    claim(isLate) {
      if (claimed === undefined) return handler(isLate)
      const { claim } = claimed
      claimed = undefined
      return claim
    },
    mayAnswer: () => mayAnswer() && taken.areInPlace(),
    foresee: (request, run) => foreseen.run({ request }, run),
    isGoingOut: () => live.isMaking,
    isConnecting: (args) => live.isConnecting(args),
    isLive: (socket) => live.carries(socket),
    release() {
      isReleased = true
      taken.release()
      live.release()
    },
  }
}

interface ReadBody {
  readonly chunks: readonly Uint8Array[]
  /** Why there are no more. */
  readonly failure?: unknown
}

async function read(body: DispatchedRequest['body']): Promise<ReadBody> {
  if (!isStreamed(body)) return { chunks: [body] }
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of body) chunks.push(chunk)
  } catch (failure) {
    return { chunks, failure }
  }
  return { chunks }
}

async function* again(chunks: readonly Uint8Array[], failure: unknown): AsyncGenerator<Uint8Array> {
  yield* chunks
  if (failure !== undefined) throw failure
}

function isStreamed(body: DispatchedRequest['body']): body is AsyncIterable<Uint8Array> {
  return Symbol.asyncIterator in body
}
