import { headerValue, type HeaderList } from '../../model/header-list.ts'
import type { Outcome, ReceivedResponse } from '../../model/interceptor.ts'
import { lengthOf, type TimedBytes } from '../../model/timed-bytes.ts'
import type { ParsedHeaders } from './dispatch-handler.ts'
import { hasNoBody } from '../wire/has-no-body.ts'
import { framingOf } from '../wire/message-reader.ts'

/** A response as undici hands it to its handlers. */
export interface HandedResponse {
  readonly status: number
  readonly statusText: string
  readonly headers: HeaderList
  readonly chunks: readonly TimedBytes[]
}

// Less than any version of undici takes.
const maxHeadSize = 8 * 1024
const token = /^[!#$%&'*+\-.^_`|~\w]+$/
const plainText = /^[\t\x20-\x7e]*$/
// What is replayed again and again is the same object.
const known = new WeakMap<
  ReceivedResponse,
  { method: string; handed: HandedResponse | undefined }
>()

/**
 * What undici would hand over of a recorded response, where it would take all of it as it is and
 * shows nothing else: no 1xx, no trailers, no pauses, no failure.
 *
 * @param speed see `Exchange.replay`
 */
export function handedResponse(
  { response, error }: Outcome,
  method: string,
  speed: number,
): HandedResponse | undefined {
  if (response === undefined || error !== undefined) return undefined
  const { chunks } = response
  const isAtOnce = speed === Infinity || (chunks.length < 2 && !chunks[0]?.afterMs)
  return isAtOnce ? plainResponse(response, method) : undefined
}

function plainResponse(response: ReceivedResponse, method: string): HandedResponse | undefined {
  const before = known.get(response)
  if (before?.method === method) return before.handed
  const handed = makeHanded(response, method)
  known.set(response, { method, handed })
  return handed
}

function makeHanded(response: ReceivedResponse, method: string): HandedResponse | undefined {
  if (!isPlain(response) || !hasPlainHead(response)) return undefined
  const { status, statusText, headers, chunks } = response
  return isAsLongAsSaid(response, method) ? { status, statusText, headers, chunks } : undefined
}

/** The headers as undici parses them, each time anew: they go to the application. */
export function parsedHeaders(headers: HeaderList): ParsedHeaders {
  const parsed: ParsedHeaders = {}
  for (const [name, value] of headers) {
    const key = name.toLowerCase()
    const before = Object.hasOwn(parsed, key) ? parsed[key] : undefined
    if (before === undefined) parsed[key] = value
    else if (typeof before === 'string') parsed[key] = [before, value]
    else before.push(value)
  }
  return parsed
}

/** Name, value, name, value, each time anew. */
export function rawHeaders(headers: HeaderList): Buffer[] {
  return headers.flat().map((text) => Buffer.from(text, 'latin1'))
}

function isPlain({ status, informational, trailers, truncated }: ReceivedResponse): boolean {
  return (
    status >= 200 && informational === undefined && trailers === undefined && truncated !== true
  )
}

function isAsLongAsSaid(response: ReceivedResponse, method: string): boolean {
  const { chunks, headers } = response
  const length = lengthOf(chunks)
  if (hasNoBody(method, response)) return length === 0
  const said = headerValue(headers, 'content-length')
  if (said === undefined) return true
  return headerValue(headers, 'transfer-encoding') === undefined && framingOf(headers) === length
}

function hasPlainHead({ headers, statusText }: ReceivedResponse): boolean {
  // Versions of undici read other characters in different ways, and `__proto__` too.
  const isOdd = headers.some(
    ([name, value]) => !token.test(name) || name.startsWith('__') || !plainText.test(value),
  )
  const size = headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
  return plainText.test(statusText) && !isOdd && size <= maxHeadSize
}
