import type { RecordedRequest } from './interaction.ts'

/**
 * A pure function from a request to a canonical string. Two requests are the same for a matcher
 * when their keys are equal.
 *
 * @example
 * const tenant: Matcher = { name: 'tenant', key: ({ url }) => new URL(url).hostname }
 */
export interface Matcher {
  /** How `matchOn` and messages call it; unique among the matchers in force. */
  readonly name: string
  /**
   * What the matcher was made with. Recordings that were named with another `config` are named anew
   * before they answer, so a matcher whose keys change gets another one.
   *
   * @default nothing
   */
  readonly config?: string | readonly string[]
  /**
   * The request headers that `key` reads. Needed only for headers that a cassette does not store by
   * itself, such as `user-agent`.
   *
   * @default none
   */
  readonly headers?: readonly string[]
  /** @param request redacted, as it would be stored */
  key(request: RecordedRequest): string
}
