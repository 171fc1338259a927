import { isDeepStrictEqual } from 'node:util'
import type { RecordedBody } from './body.ts'
import { mediaType, mediaTypeIn, type HeaderList } from './header-list.ts'
import type { Interaction, RecordedRequest } from './interaction.ts'
import { bodyMatcher } from './matchers/body.ts'
import type { TimeOfBytes } from './timed-bytes.ts'

/** Response headers that tell of one delivery and not of what was delivered; lower case. */
export const volatileResponseHeaders: readonly string[] = (
  'age cf-cache-status cf-ray date expires nel openai-processing-ms report-to request-id ' +
  'sec-websocket-accept server-timing traceparent tracestate via x-amz-cf-id x-amz-cf-pop x-amz-id-2 x-amz-request-id ' +
  'x-amzn-requestid x-amzn-trace-id x-cache x-cache-hits x-cloud-trace-context x-correlation-id ' +
  'x-envoy-upstream-service-time x-github-request-id x-request-id x-response-time x-runtime ' +
  'x-served-by x-timer x-trace-id x-vercel-id'
).split(' ')
// How much of a quota is left, as GitHub, OpenAI, Anthropic and the IETF draft call it.
const quota = /^(?:[a-z]+-)?ratelimit(?:-|$)/

const volatile = new Set(volatileResponseHeaders)

/**
 * Whether two recordings of a request tell the same: they differ in nothing but when they were made,
 * in response headers that differ every time, in how fast a stream or the messages of a WebSocket
 * came, and in the boundary of a multipart request.
 */
export function isSameRecording(one: Interaction, other: Interaction): boolean {
  return isDeepStrictEqual(lasting(one), lasting(other))
}

function lasting(interaction: Interaction): object {
  const { response } = interaction
  return {
    ...interaction,
    recordedAt: undefined,
    request: withoutBoundary(interaction.request),
    response: response && {
      ...response,
      headers: withoutVolatile(response.headers),
      body: response.body && withoutTimes(response.body),
    },
  }
}

function withoutBoundary(request: RecordedRequest): object {
  if (!mediaType(request.headers).startsWith('multipart/')) return request
  const headers = request.headers.map(([name, value]) =>
    name.toLowerCase() === 'content-type' ? [name, mediaTypeIn(value)] : [name, value],
  )
  return { ...request, headers, body: bodyMatcher.key(request) }
}

function withoutVolatile(headers: HeaderList): HeaderList {
  return headers.filter(([name]) => {
    const lower = name.toLowerCase()
    return !volatile.has(lower) && !quota.test(lower)
  })
}

function withoutTimes(body: RecordedBody): object {
  if ('chunks' in body) return { ...body, chunks: body.chunks.map(atOnce) }
  return 'frames' in body ? { ...body, frames: body.frames.map(atOnce) } : body
}

function atOnce(part: TimeOfBytes): object {
  return { ...part, afterMs: 0 }
}
