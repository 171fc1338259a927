import { isDeepStrictEqual } from 'node:util'
import type { RecordedResponse } from '../model/interaction.ts'
import type { ReceivedResponse } from '../model/interceptor.ts'
import { replayed, withRightLength } from './replay.ts'

/** A response that this process received, with its secrets. */
export interface LiveResponse {
  readonly received: ReceivedResponse
  /** The same as redaction left it. */
  readonly redacted: RecordedResponse
}

/**
 * A response as it answers within the run that recorded it: with the secrets that redaction took out,
 * so that a token can be used, and with what hooks changed since, as the next run will see it. A body
 * that a hook changed has no secrets any more.
 *
 * @param response what is to be played
 * @param isCut whether the connection failed before its end
 */
export function withSecrets(
  response: RecordedResponse,
  { received, redacted }: LiveResponse,
  method: string,
  isCut: boolean,
): ReceivedResponse {
  const headers = headersWithSecrets(response, { received, redacted })
  if (!isDeepStrictEqual(response.body, redacted.body)) {
    return replayed({ ...response, headers }, method, isCut)
  }
  const { status, statusText } = response
  return withRightLength({ ...received, status, statusText, headers }, method, isCut)
}

function headersWithSecrets(
  { headers }: RecordedResponse,
  { received, redacted }: LiveResponse,
): RecordedResponse['headers'] {
  if (isDeepStrictEqual(headers, redacted.headers)) return received.headers
  const known = redacted.headers.map(
    (header, at) => [JSON.stringify(header), received.headers[at] ?? header] as const,
  )
  const live = new Map(known)
  return headers.map((header) => live.get(JSON.stringify(header)) ?? header)
}
