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
  const [actual, stored] = withBodyExcerpts(request, first)
  return {
    request: redactor.request(actual),
    nearest: [stored, ...others.map(withoutBody)].map((one) => redactor.request(one)),
  }
}

function withoutBody({ method, url, headers }: RecordedRequest): RecordedRequest {
  return { method, url, headers }
}
