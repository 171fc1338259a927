import { inspect } from 'node:util'
import { MatcherError } from './errors/matcher-error.ts'
import type { Matcher } from './matcher.ts'

/** A matcher of a user that says so where it cannot tell a key. */
export function checkedMatcher(matcher: Matcher): Matcher {
  // Taken over one by one: those of a class instance may stand in its prototype.
  const { name, config, headers } = matcher
  return {
    name,
    ...(config === undefined ? {} : { config }),
    ...(headers === undefined ? {} : { headers }),
    key(request) {
      let key: unknown
      try {
        key = matcher.key(request)
      } catch (cause) {
        const problem = `it threw ${cause instanceof Error ? String(cause) : inspect(cause)}`
        throw new MatcherError(matcher.name, request, problem, { cause })
      }
      if (typeof key === 'string') return key
      throw new MatcherError(matcher.name, request, `it returned ${inspect(key, { depth: 0 })}`)
    },
  }
}
