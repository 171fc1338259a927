import type { RequestHandler } from '../../model/interceptor.ts'
import { nextTurn } from '../../model/real-timers.ts'
import type { AnsweredDispatches } from '../dispatch/answer-dispatch.ts'
import { answerBy, DispatchExchange } from '../dispatch/dispatch-exchange.ts'
import { headerList, writtenRequest } from '../dispatch/dispatched-request.ts'
import { askedFetch } from './asked-fetch.ts'
import { FetchDelivery } from './fetch-delivery.ts'
import { WrittenHeaders } from './written-headers.ts'

type Fetch = typeof globalThis.fetch

const empty = Buffer.alloc(0)

let nodes: Fetch = globalThis.fetch
let answered: Fetch | undefined

// One for all insertions: modules keep the `fetch` that they find when they are loaded.
const ours: Fetch = function fetch(input, ...[init]) {
  return (answered ?? nodes)(input, init)
}

/**
 * Answers plain calls of global `fetch` where they are made, where a stored response can;
 * docs/decisions/0013 tells why and what goes on to Node.
 *
 * @param handler asked once for each request
 * @returns gives `fetch` back
 */
export function answerFetch(handler: RequestHandler, dispatches: AnsweredDispatches): () => void {
  if (globalThis.fetch !== ours) {
    if (!isNodes(globalThis.fetch)) return () => undefined
    nodes = globalThis.fetch
    globalThis.fetch = ours
  }
  answered = answeredFetch(handler, dispatches)
  return () => {
    answered = undefined
    if (globalThis.fetch === ours) globalThis.fetch = nodes
  }
}

// Somebody else's makes its own response, or asks whom it wants.
function isNodes(fetch: Fetch): boolean {
  return Function.prototype.toString.call(fetch).includes('internal/deps/undici/undici')
}

function answeredFetch(handler: RequestHandler, dispatches: AnsweredDispatches): Fetch {
  const known = new WrittenHeaders()
  return (input, init) => {
    const callNode = () => nodes(input, init)
    const asked = dispatches.mayAnswer() ? askedFetch(input, init) : undefined
    const headers = asked && known.of(asked)
    if (asked === undefined || headers === 'unclear') return callNode()
    if (headers === undefined) {
      const onDispatch = (written: unknown) => known.learn(asked, headerList(written))
      return dispatches.foresee({ onDispatch }, callNode)
    }
    const body = asked.body ?? empty
    const { length } = body
    const request = writtenRequest(asked.method, asked.url, headers, { body, length })
    const claim = handler()
    if (claim === undefined) return dispatches.foresee({ claimed: { claim } }, callNode)
    const delivery = new FetchDelivery(asked, (next) =>
      dispatches.foresee({ claimed: { claim: next } }, callNode).catch((error: unknown) => {
        // Perhaps Node never came to ask undici for it.
        next.drop()
        throw error
      }),
    )
    nextTurn(() => {
      if (delivery.aborted) claim.drop()
      else void answerBy(claim, new DispatchExchange(request, body, delivery))
    })
    return delivery.response
  }
}
