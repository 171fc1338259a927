import type { RecordedRequest } from '../../model/interaction.ts'
import { Redactor } from '../../model/redaction/redactor.ts'
import { withBodyExcerpts } from './body-excerpt.ts'

/** Requests of which every part may be told. */
export interface TellableRequests {
  readonly request: RecordedRequest
  /** The first with its body or the part of it that matters, the others without. */
  readonly nearest: readonly RecordedRequest[]
}

/**
 * Redacts all that a miss tells of requests, and is the only place that does: also where the player
 * does not redact, and what was recorded before a secret was known as one. Equal secrets keep equal
 * placeholders, so a difference in them shows.
 */
export function tellableRequests(
  request: RecordedRequest,
  nearest: readonly RecordedRequest[],
): TellableRequests {
  const redactor = new Redactor()
  const [first, ...others] = nearest
  if (first === undefined) return { request: redactor.request(withoutBody(request)), nearest: [] }
  // As a whole, and cut only then: in a piece of a text a secret may not look like one.
  const [actual, stored] = withBodyExcerpts(redactor.request(request), redactor.request(first))
  const rest = others.map((one) => redactor.request(withoutBody(one)))
  return { request: actual, nearest: [stored, ...rest] }
}

function withoutBody({ method, url, headers }: RecordedRequest): RecordedRequest {
  return { method, url, headers }
}
