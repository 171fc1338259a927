import { wireChunks, type TimedBytes } from '../model/body.ts'
import type { RecordedResponse } from '../model/interaction.ts'
import type { ResponseHead } from '../model/interceptor.ts'

/**
 * A stored response as it goes to the client. `Content-Length` follows the bytes that are sent: a
 * compressed or redacted body may have got another length.
 */
export function replayed(
  response: RecordedResponse,
  method: string,
): { head: ResponseHead; chunks: readonly TimedBytes[] } {
  const chunks = wireChunks(response.body)
  const { status, statusText, headers } = response
  // Without a body the length tells of the representation, not of the message (RFC 9110 8.6).
  if (chunks.length === 0 || method === 'HEAD') return { head: response, chunks }
  const length = chunks.reduce((sum, { bytes }) => sum + bytes.length, 0)
  const right = headers.map(
    ([name, value]) =>
      [name, name.toLowerCase() === 'content-length' ? String(length) : value] as const,
  )
  return { head: { status, statusText, headers: right }, chunks }
}
