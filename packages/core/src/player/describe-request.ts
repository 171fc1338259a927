import type { RequestHead } from '../model/interceptor.ts'
import { Redactor } from '../model/redaction/redactor.ts'

/** A live request for messages: its method and its URL, redacted. */
export function describeRequest(request: RequestHead): string {
  return `${request.method} ${redactedUrl(request)}`
}

/** The URL of a live request, for messages. */
export function redactedUrl({ method, url }: RequestHead): string {
  // A redactor of its own: what is told must not number the placeholders of what is stored.
  return new Redactor().request({ method, url, headers: [] }).url
}
