import type { RecordedRequest } from './interaction.ts'

/**
 * A pure function from a request to a canonical string. Two requests are the same for a matcher
 * when their keys are equal.
 */
export interface Matcher {
  /** How `matchOn` and messages call it; unique among the matchers in force. */
  readonly name: string
  /** @param request redacted, as it would be stored */
  key(request: RecordedRequest): string
}
