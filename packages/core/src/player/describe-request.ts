import type { RequestHead } from '../model/interceptor.ts'
import type { RedactionRules } from '../model/redaction/redaction-rules.ts'
import { Redactor } from '../model/redaction/redactor.ts'

/**
 * A live request for messages: its method and its URL, redacted.
 *
 * @param rules see `redactedUrl`
 */
export function describeRequest(request: RequestHead, rules?: RedactionRules): string {
  return `${request.method} ${redactedUrl(request, rules)}`
}

/**
 * The URL of a live request, for messages.
 *
 * @param rules in force; where nothing is redacted the built-in ones hold for what is told
 */
export function redactedUrl({ method, url }: RequestHead, rules?: RedactionRules): string {
  // A redactor of its own: what is told must not number the placeholders of what is stored.
  return new Redactor(rules).request({ method, url, headers: [] }).url
}
