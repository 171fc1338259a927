import { wireChunks } from '../model/body.ts'
import type { RecordedResponse } from '../model/interaction.ts'
import type { ReceivedResponse } from '../model/interceptor.ts'

/**
 * A stored response as it goes to the client. `Content-Length` follows the bytes that are sent: a
 * compressed or redacted body may have got another length.
 */
export function replayed(response: RecordedResponse, method: string): ReceivedResponse {
  const chunks = wireChunks(response.body)
  const { status, statusText, headers, truncated } = response
  if (truncated === true) return { status, statusText, headers, chunks, truncated }
  // Without a body the length tells of the representation, not of the message (RFC 9110 8.6).
  if (chunks.length === 0 || method === 'HEAD') return { status, statusText, headers, chunks }
  const length = chunks.reduce((sum, { bytes }) => sum + bytes.length, 0)
  const right = headers.map(
    ([name, value]) =>
      [name, name.toLowerCase() === 'content-length' ? String(length) : value] as const,
  )
  return { status, statusText, headers: right, chunks }
}
