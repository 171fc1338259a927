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

/**
 * A stored response as it goes to the client. `Content-Length` follows the bytes that are sent: a
 * compressed or redacted body may have got another length.
 */
function replayedResponse(
  response: RecordedResponse,
  method: string,
  isCut: boolean,
): ReceivedResponse {
  const { body, ...head } = response
  const chunks = wireChunks(body)
  if (isCut || head.truncated === true) return { ...head, chunks }
  // Without a body the length tells of the representation, not of the message (RFC 9110 8.6).
  if (chunks.length === 0 || method === 'HEAD') return { ...head, chunks }
  const length = chunks.reduce((sum, { bytes }) => sum + bytes.length, 0)
  const headers = head.headers.map(
    ([name, value]) =>
      [name, name.toLowerCase() === 'content-length' ? String(length) : value] as const,
  )
  return { ...head, headers, chunks }
}
