import { untilNextTurn } from '../../model/real-timers.ts'
import type { TimedBytes } from '../../model/timed-bytes.ts'
import { asFetched } from './as-fetched.ts'
import type { Fetchable } from './fetchable.ts'

// An engine of nock's kind puts one in its place that writes the headers down.
const { Response: NodesResponse } = globalThis

/** A response that is on its way to a client. */
export interface FetchedResponse {
  readonly response: Response
  /** Makes its body fail, if the client has not got all of it. */
  readonly breakOff: (reason: unknown) => void
}

/**
 * A response as `fetch` gives it.
 *
 * @param onEnd called when the client has all of the body, or wants no more
 */
export function fetchedResponse(
  { status, statusText, headers, chunks }: Fetchable,
  url: string,
  onEnd: () => void,
): FetchedResponse {
  const init = { status, statusText, headers }
  if (chunks === undefined) {
    onEnd()
    return { response: asFetched(new NodesResponse(null, init), url), breakOff: () => {} }
  }
  const { stream, breakOff } = bodyOf(chunks, onEnd)
  return { response: asFetched(new NodesResponse(stream, init), url), breakOff }
}

/** One chunk for each read, in a turn of the event loop of its own but for the first. */
function bodyOf(chunks: readonly TimedBytes[], onEnd: () => void) {
  let next = 0
  let controller: ReadableByteStreamController | undefined
  const end = (): void => {
    controller = undefined
    onEnd()
  }
  const give = (): void => {
    const chunk = chunks[next]
    next += 1
    // Its own copy: the application may change it.
    if (chunk !== undefined) controller?.enqueue(new Uint8Array(chunk.bytes))
    if (next < chunks.length || controller === undefined) return
    controller.close()
    controller.byobRequest?.respond(0)
    end()
  }
  const stream = new ReadableStream({
    type: 'bytes',
    start: (given) => {
      controller = given
    },
    pull: () => (next === 0 ? give() : untilNextTurn().then(give)),
    cancel: end,
  })
  const breakOff = (reason: unknown): void => {
    controller?.error(reason)
    controller = undefined
  }
  return { stream, breakOff }
}
