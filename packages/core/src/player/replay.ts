import { wireChunks } from '../model/body.ts'
import { headerValue } from '../model/header-list.ts'
import type { Interaction, RecordedResponse } from '../model/interaction.ts'
import type { Outcome, ReceivedResponse } from '../model/interceptor.ts'
import { failureOf } from '../model/recorded-error.ts'
import type { TimedBytes } from '../model/timed-bytes.ts'

/** In bytes. The outcome of a larger body is put together for each request. */
const largest = 1024 * 1024
const outcomes = {
  head: new WeakMap<Interaction, Outcome>(),
  rest: new WeakMap<Interaction, Outcome>(),
}

/**
 * What came then, as it goes to the client now. Put together once for an interaction and shared by
 * its replays: nothing of it may be changed.
 */
export function replayed(interaction: Interaction, method: string): Outcome {
  const known = method === 'HEAD' ? outcomes.head : outcomes.rest
  const before = known.get(interaction)
  if (before !== undefined) return before
  const outcome = outcomeOf(interaction, method)
  if (lengthOf(outcome.response?.chunks ?? []) <= largest) known.set(interaction, outcome)
  return outcome
}

function outcomeOf({ response, error }: Interaction, method: string): Outcome {
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
  const told = headerValue(headers, 'content-length')
  if (told === undefined) return response
  const length = String(lengthOf(chunks))
  if (told === length) return response
  const right = headers.map(
    ([name, value]) => [name, name.toLowerCase() === 'content-length' ? length : value] as const,
  )
  return { ...response, headers: right }
}

function lengthOf(chunks: readonly TimedBytes[]): number {
  return chunks.reduce((sum, chunk) => sum + (chunk.size ?? chunk.bytes.length), 0)
}
