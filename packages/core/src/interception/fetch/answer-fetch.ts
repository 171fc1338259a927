import type { RequestHandler } from '../../model/interceptor.ts'
import { nextTurn } from '../../model/real-timers.ts'
import type { AnsweredDispatches } from '../dispatch/answer-dispatch.ts'
import { answerBy, AskedExchange } from '../asked-exchange.ts'
import { headerList, writtenRequest } from '../dispatch/dispatched-request.ts'
import { askedFetch } from './asked-fetch.ts'
import { FetchDelivery } from './fetch-delivery.ts'
import { answerFetchBy, callNode, isFetchPlaced, placeFetch, removeFetch } from './own-fetch.ts'
import { WrittenHeaders } from './written-headers.ts'

type Fetch = typeof globalThis.fetch

const empty = Buffer.alloc(0)

/**
 * Answers plain calls of global `fetch` where they are made, where a stored response can;
 * docs/decisions/0013 tells why and what goes on to Node.
 *
 * @param handler asked once for each request
 * @returns gives `fetch` back, unless it was taken over before
 */
export function answerFetch(handler: RequestHandler, dispatches: AnsweredDispatches): () => void {
  const isPlaced = isFetchPlaced()
  if (!placeFetch()) return () => undefined
  answerFetchBy(answeredFetch(handler, dispatches))
  return () => {
    answerFetchBy(undefined)
    if (!isPlaced) removeFetch()
  }
}

function answeredFetch(handler: RequestHandler, dispatches: AnsweredDispatches): Fetch {
  const known = new WrittenHeaders()
  return (input, init) => {
    const callOn = () => callNode(input, init)
    const asked = dispatches.mayAnswer() ? askedFetch(input, init) : undefined
    const headers = asked && known.of(asked)
    if (asked === undefined || headers === 'unclear') return callOn()
    if (headers === undefined) {
      const onDispatch = (written: unknown) => known.learn(asked, headerList(written))
      return dispatches.foresee({ onDispatch }, callOn)
    }
    const body = asked.body ?? empty
    const { length } = body
    const request = writtenRequest(asked.method, asked.url, headers, { body, length })
    const claim = handler()
    if (claim === undefined) return dispatches.foresee({ claimed: { claim } }, callOn)
    const callAgain = () => callNode(...asked.again(headers))
    const delivery = new FetchDelivery(asked, (next) =>
      dispatches.foresee({ claimed: { claim: next } }, callAgain).catch((error: unknown) => {
        // Perhaps Node never came to ask undici for it.
        next.drop()
        throw error
      }),
    )
    nextTurn(() => {
      if (delivery.aborted) claim.drop()
      else void answerBy(claim, new AskedExchange(request, body, delivery))
    })
    return delivery.response
  }
}
