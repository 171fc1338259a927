import { URL } from 'node:url'
import { bodyText, type JsonValue } from '../../model/body.ts'
import type { RecordedRequest } from '../../model/interaction.ts'
import type { Matcher } from '../../model/matcher.ts'
import { sortedPairs } from '../../model/matchers/sorted-pairs.ts'
import { areGenerated, generatedPointers } from './generated-fields.ts'
import { pairsOf, type Pair } from './pair-difference.ts'
import { ignoredBy, withoutIgnored } from './what-is-ignored.ts'

// More differences than these are data.
const most = 12

/**
 * The matchers that would take two requests for the same, as code by the name of the matcher each
 * replaces, where all that tells them apart looks generated: ids, times, nonces. Else none.
 */
export function ignoringMatchers(
  stored: RecordedRequest,
  actual: RecordedRequest,
  differs: readonly Matcher[],
): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const matcher of differs) {
    const { name } = matcher
    const fields = ignorable(matcher, stored, actual)
    if (fields === undefined || fields.length === 0 || fields.length > most) return new Map()
    const builder = name === 'query' ? 'query' : 'jsonBody'
    const all = [...ignoredBy(matcher), ...fields]
    found.set(name, `${builder}({ ignore: [${all.map(quoted).join(', ')}] })`)
  }
  return found
}

function ignorable(
  matcher: Matcher,
  stored: RecordedRequest,
  actual: RecordedRequest,
): readonly string[] | undefined {
  if (matcher.name === 'query') return generatedParameters(matcher, stored, actual)
  if (matcher.name !== 'body') return undefined
  const [ours, theirs] = [jsonOf(stored, matcher), jsonOf(actual, matcher)]
  return ours && theirs && generatedPointers(ours.value, theirs.value)
}

function generatedParameters(
  matcher: Matcher,
  stored: RecordedRequest,
  actual: RecordedRequest,
): readonly string[] | undefined {
  const ignored = ignoredBy(matcher)
  const counts = ([name]: Pair) => !ignored.includes(name)
  const [ours, theirs] = [parameters(stored).filter(counts), parameters(actual).filter(counts)]
  const names = new Set<string>()
  for (const [at, [name, value]] of ours.entries()) {
    const [otherName, other] = theirs[at] ?? []
    if (name === otherName && value === other) continue
    if (name !== otherName || !areGenerated(name, value, other)) return undefined
    names.add(name)
  }
  return ours.length === theirs.length ? [...names] : undefined
}

function parameters({ url }: RecordedRequest): readonly Pair[] {
  return pairsOf(sortedPairs(new URL(url).search.slice(1))) ?? []
}

function jsonOf({ body }: RecordedRequest, matcher: Matcher): { value: JsonValue } | undefined {
  try {
    const value: JsonValue = JSON.parse(bodyText(body) ?? '')
    return { value: withoutIgnored(value, matcher) }
  } catch {
    return undefined
  }
}

function quoted(field: string): string {
  return `'${field.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`
}
