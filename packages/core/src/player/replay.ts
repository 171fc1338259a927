import { hasNoBody } from '../interception/wire/has-no-body.ts'
import { wireChunks } from '../model/body.ts'
import { headerValue } from '../model/header-list.ts'
import type { Interaction, RecordedResponse } from '../model/interaction.ts'
import type { Outcome, ReceivedResponse } from '../model/interceptor.ts'
import { failureOf } from '../model/recorded-error.ts'
import { lengthOf } from '../model/timed-bytes.ts'

// In bytes.
const maxKept = 32 * 1024 * 1024
/** What is counted for an outcome beside its body: a hook may make one for each request. */
const headSize = 1024

interface Kept {
  readonly method: string
  readonly outcome: Outcome
  readonly size: number
}

/** What interactions replay, each made once, as far as the last of them do not take too much memory. */
export class Replays {
  readonly #kept = new Map<Interaction, Kept>()
  #size = 0

  /** What came then, as it goes to the client now. */
  of(interaction: Interaction, method: string): Outcome {
    const known = this.#kept.get(interaction)
    if (known?.method === method) return known.outcome
    const outcome = replayed(interaction, method)
    // The bytes of another protocol go to the client as they are, which may change them.
    if (outcome.response?.status !== 101) this.#keep(interaction, method, outcome)
    return outcome
  }

  #keep(interaction: Interaction, method: string, outcome: Outcome): void {
    this.#drop(interaction)
    const size = headSize + lengthOf(outcome.response?.chunks ?? [])
    this.#kept.set(interaction, { method, outcome, size })
    this.#size += size
    for (const oldest of this.#kept.keys()) {
      if (this.#size <= maxKept) return
      this.#drop(oldest)
    }
  }

  #drop(interaction: Interaction): void {
    this.#size -= this.#kept.get(interaction)?.size ?? 0
    this.#kept.delete(interaction)
  }
}

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
  return withRightBody({ ...head, chunks: wireChunks(body) }, method, isCut)
}

/**
 * The same response, as it can go to its client: with a `Content-Length` that follows the bytes that
 * are sent, since a compressed, redacted or changed body may have got another length, and without a
 * body where there is none whatever is stored, since a client would take it for the next answer.
 *
 * @param isCut whether it breaks off before its end
 */
export function withRightBody(
  response: ReceivedResponse,
  method: string,
  isCut: boolean,
): ReceivedResponse {
  const { chunks, headers, truncated } = response
  // Its length tells of the representation, not of the message (RFC 9110 8.6).
  if (hasNoBody(method, response)) {
    return chunks.length === 0 ? response : { ...response, chunks: [] }
  }
  if (isCut || truncated === true) return response
  const told = headerValue(headers, 'content-length')
  if (told === undefined) return response
  const length = String(lengthOf(chunks))
  if (told === length) return response
  const right = headers.map(
    ([name, value]) => [name, name.toLowerCase() === 'content-length' ? length : value] as const,
  )
  return { ...response, headers: right }
}
