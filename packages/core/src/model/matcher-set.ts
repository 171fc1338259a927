import { createHash } from 'node:crypto'
import { OptionError } from './errors/option-error.ts'
import type { Matcher } from './matcher.ts'
import { bodyMatcher } from './matchers/body.ts'
import { defaultMatchHeaders, headersMatcher } from './matchers/headers.ts'
import { queryMatcher } from './matchers/query.ts'
import { urlMatchers } from './matchers/url.ts'

/** The built-in matchers by name; `url` stands for scheme, host, port, path and query. */
export type BuiltInMatcher =
  | 'method'
  | 'scheme'
  | 'host'
  | 'port'
  | 'path'
  | 'query'
  | 'url'
  | 'headers'
  | 'body'

/** What requests are compared by. */
export interface MatchOptions {
  /** @default ['method', 'url', 'headers', 'body'] */
  readonly matchOn?: readonly (BuiltInMatcher | Matcher)[]
  /**
   * The request headers that the matcher `headers` compares; all others are ignored.
   *
   * @default those that select a representation, and the version and account headers of the big APIs
   */
  readonly matchHeaders?: readonly string[]
}

/** The matchers in force, in a fixed order, and the fingerprint that interactions store. */
export interface MatcherSet {
  readonly matchers: readonly Matcher[]
  /** Four hex digits; equal where the same matchers are in force. */
  readonly fingerprint: string
}

const defaultMatchOn = ['method', 'url', 'headers', 'body'] as const

/**
 * Puts the matchers in force together.
 *
 * @throws OptionError for an unknown or doubled matcher, or none
 */
export function matcherSet(options: MatchOptions = {}): MatcherSet {
  const { matchOn = defaultMatchOn, matchHeaders = defaultMatchHeaders } = options
  if (!isListOfNames(matchHeaders)) {
    throw new OptionError('matchHeaders', matchHeaders, "a list of header names, as ['accept']")
  }
  const wanted = [...new Set(matchHeaders.map((name) => name.toLowerCase()))].toSorted()
  const builtIn: Readonly<Record<BuiltInMatcher, readonly Matcher[]>> = {
    method: [{ name: 'method', key: ({ method }) => method }],
    ...urlMatchers,
    query: [queryMatcher],
    url: [...Object.values(urlMatchers).flat(), queryMatcher],
    headers: [headersMatcher(wanted)],
    body: [bodyMatcher],
  }
  const valid = `any of ${Object.keys(builtIn).join(', ')}, or a matcher { name, key(request) }`
  if (!Array.isArray(matchOn) || matchOn.length === 0) {
    throw new OptionError('matchOn', matchOn, `a list with at least one matcher: ${valid}`)
  }
  const matchers = matchOn.flatMap((entry: BuiltInMatcher | Matcher) => {
    if (typeof entry === 'string' && Object.hasOwn(builtIn, entry)) return builtIn[entry]
    if (isMatcher(entry)) return [entry]
    throw new OptionError('matchOn', entry, valid)
  })
  const names = matchers.map(({ name }) => name)
  const doubled = names.find((name, at) => names.indexOf(name) !== at)
  if (doubled !== undefined) {
    const once = 'each matcher once (url stands for scheme, host, port, path and query)'
    throw new OptionError('matchOn', doubled, `${once}: ${valid}`)
  }
  const parts = names.toSorted().map((name) => (name === 'headers' ? [name, wanted] : name))
  return {
    matchers: matchers.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    fingerprint: createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 4),
  }
}

function isListOfNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string')
}

function isMatcher(entry: unknown): entry is Matcher {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    'name' in entry &&
    typeof entry.name === 'string' &&
    'key' in entry &&
    typeof entry.key === 'function'
  )
}
