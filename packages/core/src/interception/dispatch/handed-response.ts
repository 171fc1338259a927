import { headerValue, type HeaderList } from '../../model/header-list.ts'
import type { Outcome, ReceivedResponse } from '../../model/interceptor.ts'
import type { TimedBytes } from '../../model/timed-bytes.ts'
import type { ParsedHeaders } from './dispatch-handler.ts'
import { hasNoBody } from '../wire/has-no-body.ts'
import { framingOf } from '../wire/message-reader.ts'

/** A response as undici hands it to its handlers. */
export interface HandedResponse {
  readonly status: number
  readonly statusText: string
  /** Name, value, name, value... */
  readonly rawHeaders: readonly Buffer[]
  readonly headers: HeaderList
  readonly chunks: readonly TimedBytes[]
}

// Less than any version of undici takes.
const maxHeadSize = 8 * 1024
const token = /^[!#$%&'*+\-.^_`|~\w]+$/
const plainText = /^[\t\x20-\x7e]*$/
const known = new WeakMap<ReceivedResponse, readonly Buffer[] | 'odd'>()

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
  const { status, statusText, headers, chunks } = response
  if (!isPlain(response) || !isAsLongAsSaid(response, method)) return undefined
  const isAtOnce = speed === Infinity || (chunks.length < 2 && !chunks[0]?.afterMs)
  if (!isAtOnce) return undefined
  const rawHeaders = rawHeadersOf(response)
  if (rawHeaders === 'odd') return undefined
  return { status, statusText, rawHeaders, headers, chunks }
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

function isPlain({ status, informational, trailers, truncated }: ReceivedResponse): boolean {
  return (
    status >= 200 && informational === undefined && trailers === undefined && truncated !== true
  )
}

function isAsLongAsSaid(response: ReceivedResponse, method: string): boolean {
  const { chunks, headers } = response
  const length = chunks.reduce((sum, { size, bytes }) => sum + (size ?? bytes.length), 0)
  if (hasNoBody(method, response)) return length === 0
  const said = headerValue(headers, 'content-length')
  if (said === undefined) return true
  return headerValue(headers, 'transfer-encoding') === undefined && framingOf(headers) === length
}

function rawHeadersOf(response: ReceivedResponse): readonly Buffer[] | 'odd' {
  const made = known.get(response) ?? makeRawHeaders(response)
  known.set(response, made)
  return made
}

function makeRawHeaders({ headers, statusText }: ReceivedResponse): readonly Buffer[] | 'odd' {
  if (!plainText.test(statusText)) return 'odd'
  // Versions of undici read other characters in different ways, and `__proto__` too.
  const isOdd = headers.some(
    ([name, value]) => !token.test(name) || name.startsWith('__') || !plainText.test(value),
  )
  const size = headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
  if (isOdd || size > maxHeadSize) return 'odd'
  return headers.flatMap((header) => header.map((text) => Buffer.from(text, 'latin1')))
}
