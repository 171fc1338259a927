import { isDeepStrictEqual } from 'node:util'
import { recordBody } from '../model/body.ts'
import type { Interaction, RecordedResponse } from '../model/interaction.ts'
import type { ReceivedResponse } from '../model/interceptor.ts'
import type { RecordedFailure } from '../model/recorded-error.ts'
import type { NamedRequest } from './named-request.ts'
import { realDate, realNow } from '../model/real-timers.ts'

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
  {
    response,
    error,
  }: { response: RecordedResponse | undefined; error: RecordedFailure | undefined },
  matchOn: string,
): Interaction {
  return {
    name,
    matchOn,
    recordedAt: realDate(realNow()).toISOString(),
    ...(test === undefined ? {} : { test }),
    request,
    ...(response === undefined ? {} : { response }),
    ...(error === undefined ? {} : { error }),
  }
}

/** Whether redaction took anything out of a response. */
export function hides(
  redacted: RecordedResponse | undefined,
  live: RecordedResponse | undefined,
): boolean {
  return !isDeepStrictEqual(redacted, live)
}
