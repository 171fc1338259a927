import type { Interaction } from '../model/interaction.ts'
import type { Outcome } from '../model/interceptor.ts'
import { failureOf } from '../model/recorded-error.ts'
import { withSecrets, type LiveResponse } from './live-response.ts'
import { replayed } from './replay.ts'

/**
 * What came of a recorded request, as it goes to the client now.
 *
 * @param live the response with its secrets, where this process received it
 */
export function outcomeOf(
  { response, error }: Interaction,
  live: LiveResponse | undefined,
  method: string,
): Outcome {
  const isCut = error !== undefined
  const failure = error === undefined ? {} : { error: failureOf(error) }
  if (response === undefined) return failure
  const answer =
    live === undefined
      ? replayed(response, method, isCut)
      : withSecrets(response, live, method, isCut)
  return { response: answer, ...failure }
}
