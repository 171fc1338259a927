import { decodeContent } from '../../model/content-coding.ts'
import { headerValue } from '../../model/header-list.ts'
import { untilNextTurn } from '../../model/real-timers.ts'
import type { TimedBytes } from '../../model/timed-bytes.ts'
import type { HandedResponse } from '../dispatch/handed-response.ts'
import { asFetched } from './as-fetched.ts'

// Node would go on to another URL, ask anew, or fail.
const further = new Set([301, 302, 303, 307, 308, 407, 421])
const codings = /^(?:x-)?gzip$|^deflate$|^br$/i
// Of what is replayed again and again the bytes are the same ones.
const decoded = new WeakMap<Uint8Array, Buffer>()
const withoutBody = new Set([204, 205, 304])

/** Whether a response is what `fetch` gives, but for its content coding. */
export function isFetched(response: HandedResponse, method: string): boolean {
  const { status } = response
  return status <= 599 && !further.has(status) && bodyChunks(response, method) !== undefined
}

/** The chunks of the body that a client gets; `undefined` where Node has to make them. */
function bodyChunks(
  { status, headers, chunks }: HandedResponse,
  method: string,
): readonly TimedBytes[] | undefined {
  if (method === 'HEAD' || withoutBody.has(status)) return []
  const coding = headerValue(headers, 'content-encoding')
  return coding === undefined || chunks.length === 0 ? chunks : decodedChunks(chunks, coding)
}

// Where it came in several, when each could be read is a matter of its own.
function decodedChunks(
  chunks: readonly TimedBytes[],
  coding: string,
): readonly TimedBytes[] | undefined {
  const [chunk] = chunks
  if (chunks.length !== 1 || chunk === undefined || !codings.test(coding)) return undefined
  const bytes = decoded.get(chunk.bytes) ?? decodeContent(Buffer.from(chunk.bytes), coding)
  if (bytes === undefined) return undefined
  decoded.set(chunk.bytes, bytes)
  return [{ afterMs: 0, bytes }]
}

/**
 * A response as `fetch` gives it.
 *
 * @param onEnd called when the client has all of the body, or wants no more
 * @returns with what breaks its body off
 */
export function fetchedResponse(
  handed: HandedResponse,
  { url, method }: { readonly url: string; readonly method: string },
  onEnd: () => void,
): { readonly response: Response; readonly breakOff: (reason: unknown) => void } {
  const { status, statusText, headers } = handed
  const isEmpty = method === 'HEAD' || withoutBody.has(status)
  const { stream, breakOff } = isEmpty ? noBody : bodyOf(bodyChunks(handed, method) ?? [], onEnd)
  const pairs = headers.map(([name, value]): [string, string] => [name.toLowerCase(), value])
  const response = asFetched(new NodesResponse(stream, { status, statusText, headers: pairs }), url)
  if (isEmpty) onEnd()
  return { response, breakOff }
}

// An engine of nock's kind puts one in its place that writes the headers down.
const { Response: NodesResponse } = globalThis
const noBody = { stream: null, breakOff: (): void => {} }

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
