import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'

/** Has a stream take all that comes, and keep what nobody has read. */
function takeAll(stream: Readable): void {
  Object.assign(Reflect.get(stream, '_readableState'), { highWaterMark: Infinity })
  stream.read(0)
}

/**
 * Has a request of `node:http` take all of its response, also where that is still to come.
 *
 * @param request a `ClientRequest`; without one, or with anything else, nothing is done
 */
export function takeAllOf(request: unknown): void {
  if (!isRequest(request)) return
  // Of which Node's documentation does not tell.
  const response = request.res
  if (response) takeAll(response)
  // Where nobody listens, Node throws it away.
  else if (request.listenerCount('response') > 0) request.prependOnceListener('response', takeAll)
}

interface Request {
  readonly res: IncomingMessage | null | undefined
  listenerCount(event: 'response'): number
  prependOnceListener(event: 'response', listener: (response: IncomingMessage) => void): unknown
}

function isRequest(value: unknown): value is Request {
  return typeof value === 'object' && value !== null && 'res' in value && 'reusedSocket' in value
}
