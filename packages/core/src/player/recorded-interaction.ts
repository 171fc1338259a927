import { recordBody } from '../model/body.ts'
import type { Interaction, RecordedResponse } from '../model/interaction.ts'
import type { ReceivedResponse } from '../model/interceptor.ts'
import type { NamedRequest } from './named-request.ts'
import { realDate, realNow } from './real-clock.ts'

/** A response that came over the wire in the form it is stored in, before redaction. */
export function recordedResponse({ chunks, ...head }: ReceivedResponse): RecordedResponse {
  const body = recordBody(chunks, head.headers)
  return body === undefined ? head : { ...head, body }
}

/**
 * An interaction of this moment, the first of its name and test.
 *
 * @param outcome redacted
 * @param matchOn fingerprint of the matchers in force
 */
export function recordedInteraction(
  { name, test, request }: NamedRequest,
  outcome: Pick<Interaction, 'response' | 'error'>,
  matchOn: string,
): Interaction {
  return {
    name,
    matchOn,
    recordedAt: realDate(realNow()).toISOString(),
    ...(test === undefined ? {} : { test }),
    request,
    ...outcome,
  }
}
