import { isDeepStrictEqual } from 'node:util'
import type { HeaderList } from '../model/header-list.ts'
import type { Interaction, RecordedResponse } from '../model/interaction.ts'
import type { Outcome, ReceivedResponse } from '../model/interceptor.ts'
import { replayed, withRightBody } from './replay.ts'

/** What this process received, with its secrets. */
export interface LiveOutcome {
  readonly received: Outcome
  /** Its response as redaction left it. */
  readonly redacted: RecordedResponse | undefined
}

/**
 * An interaction as it answers within the run that recorded it: with the secrets that redaction took
 * out, so that a token can be used, and with what hooks changed since, as the next run will see it.
 * A body that a hook changed has no secrets any more.
 *
 * @param played what is to be played
 */
export function withSecrets(
  played: Interaction,
  { received, redacted }: LiveOutcome,
  method: string,
): Outcome {
  const outcome = replayed(played, method)
  const live = received.response
  if (live === undefined || redacted === undefined) return outcome
  if (played.response === undefined || outcome.response === undefined) return outcome
  const response = merged(outcome.response, played.response, live, redacted)
  const isCut = outcome.error !== undefined
  return { ...outcome, response: withRightBody(response, method, isCut) }
}

function merged(
  replay: ReceivedResponse,
  played: RecordedResponse,
  live: ReceivedResponse,
  redacted: RecordedResponse,
): ReceivedResponse {
  const isKept = (part: 'body' | 'headers' | 'informational' | 'trailers'): boolean =>
    isDeepStrictEqual(played[part], redacted[part])
  return {
    ...replay,
    headers: isKept('headers') ? live.headers : headersWithSecrets(played, live, redacted),
    ...(isKept('body') ? { chunks: live.chunks } : {}),
    ...(isKept('informational') && live.informational ? { informational: live.informational } : {}),
    ...(isKept('trailers') && live.trailers ? { trailers: live.trailers } : {}),
  }
}

function headersWithSecrets(
  { headers }: RecordedResponse,
  live: ReceivedResponse,
  redacted: RecordedResponse,
): HeaderList {
  const known = redacted.headers.map((header) => {
    const [name] = header
    const [same, theirs] = [named(redacted.headers, name), named(live.headers, name)]
    // A function `redact` may have left some out, and who knows which.
    const isOfOne = same.length === theirs.length
    return [JSON.stringify(header), isOfOne ? theirs[same.indexOf(header)]! : header] as const
  })
  const secret = new Map(known)
  return headers.map((header) => secret.get(JSON.stringify(header)) ?? header)
}

function named(headers: HeaderList, name: string): HeaderList {
  return headers.filter(([one]) => one === name)
}
