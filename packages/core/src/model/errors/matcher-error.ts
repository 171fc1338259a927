import { inspect } from 'node:util'
import type { RecordedRequest } from '../interaction.ts'

/** A matcher that threw, or that returned something else than a string. */
export class MatcherError extends Error {
  override readonly name = 'MatcherError' as const
  readonly code = 'ERR_CASSETTE_MATCHER'
  /** Name of the matcher. */
  readonly matcher: string

  /**
   * @param request redacted
   * @param problem what the matcher did, as the end of a sentence
   */
  constructor(
    matcher: string,
    { method, url }: RecordedRequest,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(
      `The matcher ${inspect(matcher)} failed for ${method} ${url}: ${problem}. ` +
        'Its key(request) must return a string for every request: mend it in matchOn.',
      options,
    )
    this.matcher = matcher
  }
}
