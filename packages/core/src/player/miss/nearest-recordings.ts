import { URL } from 'node:url'
import { bodySize, bodyText } from '../../model/body.ts'
import type { Interaction, RecordedRequest } from '../../model/interaction.ts'
import type { MatcherSet } from '../../model/matcher-set.ts'
import type { Matcher } from '../../model/matcher.ts'
import { inReadingOrder } from './in-reading-order.ts'
import { likeness, sharedStart } from './likeness.ts'

/** A recording and the matchers that tell it from a request. */
export interface RankedRecording {
  readonly interaction: Interaction
  readonly differs: readonly Matcher[]
}

interface Candidate extends RankedRecording {
  /** Of its body. */
  readonly size: number
  /** How alike the paths, the queries and the bodies are; only the order counts. */
  readonly path: number
  readonly query: number
  readonly body: number
}

// These look at the head alone. What others cost grows with the body, or is a user's own matter.
const cheap = new Set(['method', 'scheme', 'host', 'port', 'path', 'query', 'headers'])
/** How many candidates get every matcher run on them, and how many bytes of bodies altogether. */
const shortlist = { length: 50, bytes: 2_000_000 }
// Of larger bodies the likeness is not asked, of others only of their start.
const largestBody = 200_000
const readForLikeness = 10_000

/**
 * The recordings that come nearest: those that the most matchers agree on, and among equals those
 * whose path, query and body are most alike.
 *
 * @param recordings of other names than the request's
 */
export function nearestRecordings(
  request: RecordedRequest,
  recordings: readonly Interaction[],
  { matchers }: MatcherSet,
  count: number,
): readonly RankedRecording[] {
  const differing = differingMatchers(request, inReadingOrder(matchers))
  const path = pathOf(request)
  const query = new URL(request.url).search
  const wanted = bodySize(request.body)
  const candidates = firstOfEachName(recordings)
    .map((interaction): Candidate => {
      const size = bodySize(interaction.request.body)
      return {
        interaction,
        size,
        differs: differing.byHead(interaction.request),
        path: sharedStart(path, pathOf(interaction.request)),
        query: likeness(query, new URL(interaction.request.url).search),
        body: -Math.abs(size - wanted),
      }
    })
    .toSorted(nearestFirst)
  const text = textOf(request, wanted)
  return shortlisted(candidates, count)
    .map(({ interaction, size, differs, path: shared }) => ({
      interaction,
      size,
      differs: [...differs, ...differing.byRest(interaction.request, differs)],
      path: shared,
      // Counts as a part of the text.
      query: 0,
      body: likeness(text, textOf(interaction.request, size)),
    }))
    .toSorted(nearestFirst)
    .slice(0, count)
}

function nearestFirst(one: Candidate, other: Candidate): number {
  return (
    one.differs.length - other.differs.length ||
    other.path - one.path ||
    other.query - one.query ||
    other.body - one.body
  )
}

function shortlisted(candidates: readonly Candidate[], least: number): readonly Candidate[] {
  let bytes = 0
  return candidates.slice(0, shortlist.length).filter(({ size }, at) => {
    bytes += size
    return at < least || bytes <= shortlist.bytes
  })
}

/** Makes the key of each matcher for the request once, and only when it is needed. */
function differingMatchers(request: RecordedRequest, matchers: readonly Matcher[]) {
  const ofHead = matchers.filter(({ name }) => cheap.has(name))
  const costly = matchers.filter(({ name }) => !cheap.has(name))
  const keys = new Map<Matcher, string | undefined>()
  const wanted = (matcher: Matcher): string | undefined => {
    if (!keys.has(matcher)) keys.set(matcher, keyOf(matcher, request))
    return keys.get(matcher)
  }
  const differs = (asked: readonly Matcher[], other: RecordedRequest): readonly Matcher[] =>
    asked.filter((matcher) => keyOf(matcher, other) !== wanted(matcher))
  return {
    byHead: (other: RecordedRequest) => differs(ofHead, other),
    // A recording of another name differs in something: where that can only be one, none is asked.
    byRest: (other: RecordedRequest, byHead: readonly Matcher[]) =>
      byHead.length === 0 && costly.length === 1 ? costly : differs(costly, other),
  }
}

/** @returns `undefined` where a user's own matcher cannot tell: a miss has to be told all the same */
export function keyOf(matcher: Matcher, request: RecordedRequest): string | undefined {
  try {
    return matcher.key(request)
  } catch {
    return undefined
  }
}

function firstOfEachName(recordings: readonly Interaction[]): readonly Interaction[] {
  const names = new Set<string>()
  return recordings.filter(({ name }) => !names.has(name) && names.add(name))
}

/** The steps of the path behind the host: another host shares none of them. */
function pathOf({ url }: RecordedRequest): readonly string[] {
  const { hostname, pathname } = new URL(url)
  return [hostname, ...pathname.split('/')]
}

function textOf({ url, body }: RecordedRequest, size: number): string {
  const text = size > largestBody ? undefined : bodyText(body)
  return `${new URL(url).search}\n${(text ?? '').slice(0, readForLikeness)}`
}
