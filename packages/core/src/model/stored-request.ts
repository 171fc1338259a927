import { recordBody } from './body.ts'
import type { HeaderList } from './header-list.ts'
import type { RecordedRequest } from './interaction.ts'

// What a client adds by itself or what differs from run to run: it would only make noise in a diff.
const volatile = new Set(
  (
    'accept-encoding baggage client-request-id connection content-length date expect host ' +
    'idempotency-key keep-alive proxy-connection request-id sec-websocket-key sentry-trace te ' +
    'trailer transfer-encoding upgrade user-agent traceparent tracestate b3 x-amz-date ' +
    'x-amz-user-agent x-amzn-trace-id x-client-info x-client-request-id x-cloud-trace-context ' +
    'x-contentful-user-agent x-correlation-id x-elastic-client-meta x-goog-api-client ' +
    'x-goog-gcs-idempotency-token x-ms-client-request-id x-ms-date x-request-id ' +
    'x-stripe-client-telemetry x-stripe-client-user-agent'
  ).split(' '),
)
const volatilePrefix = /^(amz-sdk-|x-b3-|x-datadog-|sec-fetch-|x-fern-|x-stainless-)/

/**
 * A live request as a cassette stores it, before redaction: without its fragment and without the
 * hop-by-hop (RFC 9110 7.6.1), tracing and client-made headers.
 *
 * @param wanted headers to store all the same, in lower case
 */
export function storedRequest(
  { method, url, headers }: { method: string; url: string; headers: HeaderList },
  wireBody: Uint8Array,
  wanted: ReadonlySet<string> = new Set(),
): RecordedRequest {
  const body = recordBody([{ afterMs: 0, bytes: wireBody }], headers)
  return {
    method: method.toUpperCase(),
    url: url.split('#', 1)[0]!,
    headers: headers.filter(
      ([name]) => wanted.has(name.toLowerCase()) || !isVolatile(name.toLowerCase()),
    ),
    ...(body === undefined ? {} : { body }),
  }
}

/**
 * Whether a header is stored only where a matcher reads it.
 *
 * @param name in lower case
 */
export function isVolatile(name: string): boolean {
  return volatile.has(name) || volatilePrefix.test(name)
}
