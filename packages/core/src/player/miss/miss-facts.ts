import type { CassetteLibrary } from '../../model/cassette-library.ts'
import type { CassetteName } from '../../model/cassette-name.ts'
import type { RecordedRequest } from '../../model/interaction.ts'
import type { MatcherSet } from '../../model/matcher-set.ts'
import type { Matcher } from '../../model/matcher.ts'
import { cassetteExists } from '../../storage/cassette-path.ts'
import type { RecordModeInForce } from '../record-mode-in-force.ts'
import { ignoringMatchers } from './ignoring-matchers.ts'
import type { PlainMissReason } from './miss-reason-of.ts'
import { nearestRecordings } from './nearest-recordings.ts'
import { placeholderSources } from './placeholder-sources.ts'
import { tellableRequests } from './tellable-requests.ts'

/** The cassette that had no answer, and how it is played. */
export interface MissCassette {
  readonly library: CassetteLibrary
  readonly matchers: MatcherSet
  readonly recordMode: RecordModeInForce
}

/** A request without an answer, as a player names it. */
export interface MissedRequest {
  readonly name: CassetteName
  /** Redacted where the player redacts. */
  readonly request: RecordedRequest
  /** As it came, with its secrets; never told. */
  readonly live: RecordedRequest
  /** Full name of the test that made it, where a runner told it. */
  readonly test: string | undefined
}

/** A recording of another request. */
export interface NearFact {
  readonly location: string
  readonly request: RecordedRequest
  readonly differs: readonly Matcher[]
}

/** What the texts of a miss are made of; whatever it holds may be told. */
export interface MissFacts {
  readonly request: RecordedRequest
  readonly test: string | undefined
  readonly path: string
  readonly matchers: MatcherSet
  readonly recordMode: RecordModeInForce
  /** Whether there is such a file or directory. */
  readonly exists: boolean
  /** Of this very request, in recorded order. */
  readonly same: readonly { readonly location: string; readonly test: string | undefined }[]
  /** How many recordings there are. */
  readonly count: number
  /** Ranked. */
  readonly nearest: readonly NearFact[]
  /** Matchers that would make the nearest answer, as code, by the name of the one they replace. */
  readonly ignoring: ReadonlyMap<string, string>
  /** Where the recordings are whose responses hold the placeholder that the request carries. */
  readonly sources: readonly string[]
}

const mostNearest = 3

/** Gathers what the texts of a miss need, and reads no more than that. */
export function missFacts(
  { library, matchers, recordMode }: MissCassette,
  { name, request, live, test }: MissedRequest,
  reason: PlainMissReason,
): MissFacts {
  const recordings = reason === 'protocol' ? [] : library.interactions()
  const isKnown = reason === 'already played' || reason === 'left out'
  const same = isKnown ? library.find(name) : []
  const others = same.length > 0 ? [] : recordings.filter((one) => one.name !== name)
  const ranked = nearestRecordings(request, others, matchers, mostNearest)
  const told = tellableRequests(
    request,
    ranked.map(({ interaction }) => interaction.request),
  )
  const nearest = ranked.map(({ interaction, differs }, at) => ({
    location: library.locate(interaction),
    request: told.nearest[at]!,
    differs,
  }))
  const [first] = nearest
  const sources = reason === 'placeholder' ? placeholderSources(live, recordings) : []
  return {
    request: told.request,
    test,
    path: library.path,
    matchers,
    recordMode,
    exists: recordings.length > 0 || cassetteExists(library.path),
    same: same.map((one) => ({ location: library.locate(one), test: one.test })),
    count: recordings.length,
    nearest,
    ignoring: first ? ignoringMatchers(first.request, told.request, first.differs) : new Map(),
    sources: sources.map((one) => library.locate(one)),
  }
}
