import { wireChunks } from '../model/body.ts'
import type { RecordedResponse } from '../model/interaction.ts'
import type { ReceivedResponse } from '../model/interceptor.ts'

/**
 * A stored response as it goes to the client.
 *
 * @param isCut whether the connection failed before its end
 */
export function replayed(
  response: RecordedResponse,
  method: string,
  isCut: boolean,
): ReceivedResponse {
  const { body, ...head } = response
  return withRightLength({ ...head, chunks: wireChunks(body) }, method, isCut)
}

/**
 * The same response with a `Content-Length`, where it has one, of the bytes that are sent: a
 * compressed or redacted body may have got another length.
 */
export function withRightLength(
  response: ReceivedResponse,
  method: string,
  isCut: boolean,
): ReceivedResponse {
  const { chunks, headers, truncated } = response
  if (truncated === true || isCut) return response
  // Without a body the length tells of the representation, not of the message (RFC 9110 8.6).
  if (chunks.length === 0 || method === 'HEAD') return response
  const length = chunks.reduce((sum, { bytes }) => sum + bytes.length, 0)
  const right = headers.map(
    ([name, value]) =>
      [name, name.toLowerCase() === 'content-length' ? String(length) : value] as const,
  )
  return { ...response, headers: right }
}
