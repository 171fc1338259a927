import { sep } from 'node:path'
import { openCassetteLibrary } from '../storage/open-cassette-library.ts'
import { testFileOf } from './cassette-path.ts'
import type { FileUsage } from './file-usage.ts'
import { orphanCassettes } from './orphan-cassettes.ts'
import { testCassettes } from './test-cassettes.ts'
import { usedByOthers } from './other-users.ts'

export interface CompleteRun {
  /** Absolute path of the project. */
  readonly root: string
  /** One for each test file of the run. */
  readonly usages: readonly FileUsage[]
  readonly cassetteDir?: string | undefined
}

/**
 * The cassette files that no test of a complete run used: those of the run's cassettes, and those
 * whose test file is gone. In doubt a file is left out, because what is listed will be deleted:
 *
 * - of every cassette that an incomplete test file has or used;
 * - of every cassette in a place of its own, where any test file is incomplete or one that did not
 *   run asks for it too: it may be shared;
 * - of everything that does not read as a cassette.
 *
 * @returns absolute paths, sorted
 */
export function unusedFiles(run: CompleteRun): string[] {
  const { root, usages, cassetteDir } = run
  const touched = new Set(usages.map((usage) => usage.cassette))
  const incomplete = usages.filter((usage) => !usage.isComplete)
  const used = new Set(usages.flatMap((usage) => usage.used))
  const mayList = (cassette: string): boolean => !isTouched(cassette, incomplete)
  const unusedIn = (cassette: string): string[] =>
    cassetteFiles(cassette).filter((file) => !used.has(file))

  const own = new Set(
    usages.filter((usage) => isInDefaultPlace(usage, run)).map((usage) => usage.cassette),
  )
  const sure = [...own]
    .flatMap((path) => (mayList(path) ? [path, ...testCassettes(path)] : []))
    .filter((path) => mayList(path))
  const orphans = [...orphanCassettes(root, cassetteDir, touched)].filter((path) => mayList(path))
  const shared = incomplete.length > 0 ? [] : sharedCassettes(usages, own)
  const doubtful = new Map(
    shared.map((path) => [path, unusedIn(path)] as const).filter(([, files]) => files.length > 0),
  )
  const ran = new Set(usages.map((usage) => usage.testFile))
  const others = usedByOthers(root, [...doubtful.keys()], ran)
  const cleared = [...doubtful].flatMap(([path, files]) => (others.has(path) ? [] : files))
  const all = [...[...sure, ...orphans].flatMap((path) => unusedIn(path)), ...cleared]
  return [...new Set(all)].toSorted()
}

/** Those in places of their own, with the ones of single tests below them. */
function sharedCassettes(usages: readonly FileUsage[], own: ReadonlySet<string>): string[] {
  const paths = usages
    .filter(({ cassette }) => !own.has(cassette))
    .flatMap(({ cassette, isPerTest }) =>
      isPerTest === true ? [cassette, ...testCassettes(cassette)] : [cassette],
    )
  return [...new Set(paths)]
}

function isInDefaultPlace(
  { cassette, testFile }: FileUsage,
  { root, cassetteDir }: CompleteRun,
): boolean {
  return [undefined, cassetteDir].some((place) => testFileOf(cassette, root, place) === testFile)
}

function isTouched(cassette: string, usages: readonly FileUsage[]): boolean {
  return usages.some(
    (usage) =>
      usage.cassette === cassette ||
      usage.used.some((file) => file === cassette || file.startsWith(cassette + sep)),
  )
}

/** The files of a cassette; none where it cannot be read as one. */
function cassetteFiles(path: string): string[] {
  try {
    const library = openCassetteLibrary(path)
    return [...new Set(library.interactions().map((interaction) => library.fileOf(interaction)))]
  } catch {
    return []
  }
}
