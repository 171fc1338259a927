import type { RequestHead } from '../model/interceptor.ts'
import { Redactor } from '../model/redaction/redactor.ts'

/** A live request for messages: its method and its URL, redacted. */
export function describeRequest({ method, url }: Pick<RequestHead, 'method' | 'url'>): string {
  // A redactor of its own: what is told must not number the placeholders of what is stored.
  return `${method} ${new Redactor().request({ method, url, headers: [] }).url}`
}
