import { bodySize, bodyText } from '../../model/body.ts'
import type { Interaction, RecordedRequest } from '../../model/interaction.ts'
import type { Matcher } from '../../model/matcher.ts'
import { likeness, sharedStart } from './likeness.ts'

/** A recording and the matchers that tell it from a request. */
export interface RankedRecording {
  readonly interaction: Interaction
  readonly differs: readonly Matcher[]
}

interface Candidate extends RankedRecording {
  readonly path: number
  readonly body: number
}

// These look at the head alone. What others cost grows with the body, or is a user's own matter.
const cheap = new Set(['method', 'scheme', 'host', 'port', 'path', 'query', 'headers'])
/** How many candidates get every matcher run on them, and how many bytes of bodies altogether. */
const shortlist = { length: 50, bytes: 2_000_000 }
const readForLikeness = 10_000

/**
 * The recordings of other requests that come nearest: those that the most matchers agree on, and
 * among equals those whose path, query and body are most alike.
 */
export function nearestRecordings(
  request: RecordedRequest,
  recordings: readonly Interaction[],
  matchers: readonly Matcher[],
  count: number,
): readonly RankedRecording[] {
  const differing = differingMatchers(request, matchers)
  const path = pathOf(request)
  const size = bodySize(request.body)
  const candidates = firstOfEachName(recordings)
    .map((interaction) => ({
      interaction,
      differs: differing(interaction.request, ({ name }) => cheap.has(name)),
      path: sharedStart(path, pathOf(interaction.request)),
      body: -Math.abs(bodySize(interaction.request.body) - size),
    }))
    .toSorted(nearestFirst)
  const text = textOf(request)
  return shortlisted(candidates)
    .map(({ interaction, ...rest }) => ({
      ...rest,
      interaction,
      differs: differing(interaction.request, () => true),
      body: likeness(text, textOf(interaction.request)),
    }))
    .toSorted(nearestFirst)
    .slice(0, count)
}

function nearestFirst(one: Candidate, other: Candidate): number {
  return one.differs.length - other.differs.length || other.path - one.path || other.body - one.body
}

function shortlisted(candidates: readonly Candidate[]): readonly Candidate[] {
  let bytes = 0
  return candidates.slice(0, shortlist.length).filter(({ interaction }, at) => {
    bytes += bodySize(interaction.request.body)
    return at === 0 || bytes <= shortlist.bytes
  })
}

/** The key of each matcher for a request is made once, and only when it is asked for. */
function differingMatchers(request: RecordedRequest, matchers: readonly Matcher[]) {
  const keys = new Map<Matcher, string | undefined>()
  const wanted = (matcher: Matcher): string | undefined => {
    if (!keys.has(matcher)) keys.set(matcher, keyOf(matcher, request))
    return keys.get(matcher)
  }
  return (other: RecordedRequest, isAsked: (matcher: Matcher) => boolean): readonly Matcher[] =>
    matchers.filter((matcher) => isAsked(matcher) && keyOf(matcher, other) !== wanted(matcher))
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

function textOf({ url, body }: RecordedRequest): string {
  return `${new URL(url).search}\n${(bodyText(body) ?? '').slice(0, readForLikeness)}`
}
