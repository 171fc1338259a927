import { wireChunks } from '../model/body.ts'
import type { Interaction, RecordedResponse } from '../model/interaction.ts'
import type { Outcome, ReceivedResponse } from '../model/interceptor.ts'
import { failureOf } from '../model/recorded-error.ts'

/** What came then, as it goes to the client now. */
export function replayed({ response, error }: Interaction, method: string): Outcome {
  return {
    ...(response === undefined
      ? {}
      : { response: replayedResponse(response, method, error !== undefined) }),
    ...(error === undefined ? {} : { error: failureOf(error) }),
  }
}

function replayedResponse(
  { body, ...head }: RecordedResponse,
  method: string,
  isCut: boolean,
): ReceivedResponse {
  return withRightLength({ ...head, chunks: wireChunks(body) }, method, isCut)
}

/**
 * The same response, with a `Content-Length` that follows the bytes that are sent: a compressed or
 * redacted body may have got another length.
 *
 * @param isCut whether it breaks off before its end
 */
export function withRightLength(
  response: ReceivedResponse,
  method: string,
  isCut: boolean,
): ReceivedResponse {
  const { chunks, headers, truncated } = response
  if (isCut || truncated === true) return response
  // Without a body the length tells of the representation, not of the message (RFC 9110 8.6).
  if (chunks.length === 0 || method === 'HEAD') return response
  const length = chunks.reduce((sum, { bytes }) => sum + bytes.length, 0)
  const right = headers.map(
    ([name, value]) =>
      [name, name.toLowerCase() === 'content-length' ? String(length) : value] as const,
  )
  return { ...response, headers: right }
}
