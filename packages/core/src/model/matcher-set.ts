import { createHash } from 'node:crypto'
import { checkedMatcher } from './checked-matcher.ts'
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
  /**
   * Names of built-in matchers, what a builder such as `jsonBody()` made, and matchers of your own.
   * A matcher that bears the name of a part of the URL takes its place in `'url'`.
   *
   * @default ['method', 'url', 'headers', 'body']
   */
  readonly matchOn?: readonly (BuiltInMatcher | Matcher | readonly Matcher[])[] | undefined
  /**
   * The request headers that the matcher `'headers'` compares; all others are ignored.
   *
   * @default those that select a representation, and the version and account headers of the big APIs
   */
  readonly matchHeaders?: readonly string[] | undefined
}

/** The matchers in force, in a fixed order, and the fingerprint that interactions store. */
export interface MatcherSet {
  readonly matchers: readonly Matcher[]
  /** Four hex digits; equal where the same matchers are in force. */
  readonly fingerprint: string
  /** The request headers that matchers read, in lower case. */
  readonly headers: ReadonlySet<string>
}

const defaultMatchOn = ['method', 'url', 'headers', 'body'] as const

/**
 * Puts the matchers in force together; the default ones when they are first asked for.
 *
 * @throws OptionError for an unknown or doubled matcher, or none
 */
export function matcherSet(options: MatchOptions = {}): MatcherSet {
  const isDefault = options.matchOn === undefined && options.matchHeaders === undefined
  return isDefault ? defaultMatchers : givenMatchers(options)
}

let made: MatcherSet | undefined
const defaults = (): MatcherSet => (made ??= givenMatchers({}))
const defaultMatchers: MatcherSet = {
  get matchers() {
    return defaults().matchers
  },
  get fingerprint() {
    return defaults().fingerprint
  },
  get headers() {
    return defaults().headers
  },
}

function givenMatchers(options: MatchOptions): MatcherSet {
  const { matchOn = defaultMatchOn, matchHeaders = defaultMatchHeaders } = options
  const headers = headersMatcher(matchHeaders, 'matchHeaders')
  const builtIn: Readonly<Record<BuiltInMatcher, readonly Matcher[]>> = {
    method: [{ name: 'method', key: ({ method }) => method }],
    ...urlMatchers,
    query: [queryMatcher],
    url: [...Object.values(urlMatchers).flat(), queryMatcher],
    headers: [headers],
    body: [bodyMatcher],
  }
  const valid = `any of ${Object.keys(builtIn).join(', ')}, or a matcher { name, key(request) }`
  if (!Array.isArray(matchOn) || matchOn.length === 0) {
    throw new OptionError('matchOn', matchOn, `a list with at least one matcher: ${valid}`)
  }
  const entries: readonly (BuiltInMatcher | Matcher)[] = matchOn.flat()
  const own = new Set(entries.filter((entry) => isMatcher(entry)).map(({ name }) => name))
  const matchers = entries.flatMap((entry) => {
    if (isMatcher(entry)) return [checkedMatcher(entry)]
    if (entry === 'url') return builtIn.url.filter(({ name }) => !own.has(name))
    if (typeof entry === 'string' && Object.hasOwn(builtIn, entry)) return builtIn[entry]
    throw new OptionError('matchOn', entry, valid)
  })
  const names = matchers.map(({ name }) => name)
  const doubled = names.find((name, at) => names.indexOf(name) !== at)
  if (doubled !== undefined) {
    const once = 'each matcher once (url stands for scheme, host, port, path and query)'
    throw new OptionError('matchOn', doubled, `${once}: ${valid}`)
  }
  const sorted = matchers.toSorted((one, other) => (one.name < other.name ? -1 : 1))
  return {
    matchers: sorted,
    fingerprint: fingerprint(sorted),
    headers: new Set(
      sorted.flatMap((matcher) => matcher.headers ?? []).map((name) => name.toLowerCase()),
    ),
  }
}

// Never changes: cassettes in the world hold it.
function fingerprint(matchers: readonly Matcher[]): string {
  const parts = matchers.map(({ name, config }) => (config === undefined ? name : [name, config]))
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 4)
}

function isMatcher(entry: unknown): entry is Matcher {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    'name' in entry &&
    typeof entry.name === 'string' &&
    entry.name !== '' &&
    'key' in entry &&
    typeof entry.key === 'function' &&
    (!('config' in entry) || isText(entry.config) || isTexts(entry.config)) &&
    (!('headers' in entry) || entry.headers === undefined || isTexts(entry.headers))
  )
}

function isText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string'
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string')
}
