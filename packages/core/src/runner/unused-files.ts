import { sep } from 'node:path'
import { openCassetteLibrary } from '../storage/open-cassette-library.ts'
import { realPath } from '../storage/real-path.ts'
import type { CassettePlace } from './cassette-path.ts'
import type { FileUsage } from './file-usage.ts'
import { orphanCassettes } from './orphan-cassettes.ts'
import { outermost } from './outermost.ts'
import { ownersOf } from './owners-of.ts'
import { ProjectLinks } from './project-links.ts'
import { testCassettes } from './test-cassettes.ts'
import { usedByOthers } from './other-users.ts'

/**
 * The cassette files that no test of a complete run used: those of the run's cassettes, and those
 * whose test file is gone. In doubt a file is left out, because what is listed will be deleted:
 *
 * - of every cassette that an incomplete test file has or used;
 * - of every cassette in a place of its own, where any test file is incomplete: it may be shared;
 * - of every cassette that a test file asks for which did not run, or not whole;
 * - of everything that does not read as a cassette.
 *
 * @param given the projects of the run; may have one several times
 * @param usages one for each test file of the run
 * @returns absolute paths, sorted
 */
export function unusedFiles(
  given: readonly CassettePlace[],
  usages: readonly FileUsage[],
): string[] {
  const places = [
    ...new Map(
      given.map(({ root, cassetteDir }) => [
        JSON.stringify([root, cassetteDir]),
        { root, cassetteDir },
      ]),
    ).values(),
  ]
  const links = new ProjectLinks(outermost(places.map(({ root }) => root)))
  const incomplete = usages.filter((usage) => !usage.isComplete)
  const used = new Set(usages.flatMap((usage) => usage.used))
  // Links may lead to one file by several paths; few files are left that have to be followed.
  let followed: ReadonlySet<string> | undefined
  const isUsed = (file: string): boolean => {
    followed ??= new Set([...used].map((path) => realPath(path)))
    return followed.has(realPath(file))
  }
  const isTouched = touchedBy(incomplete)
  const mayList = (cassette: string): boolean => !isTouched(cassette)
  const unusedOf = (cassette: string): string[] =>
    cassetteFiles(cassette).filter((file) => !used.has(file) && !isUsed(file))

  const inDefaultPlace = new Set(
    usages.filter((usage) => isInDefaultPlace(usage, places)).map((usage) => usage.cassette),
  )
  const own = [...inDefaultPlace]
    .flatMap((path) => (mayList(path) ? [path, ...testCassettes(path)] : []))
    .filter((path) => mayList(path))
  const followsLinks = incomplete.length === 0
  const search = { places, links, isTouched: cassettesOf(usages), followsLinks }
  const orphans = [...orphanCassettes(search)].filter((path) => mayList(path))
  const shared = incomplete.length > 0 ? [] : sharedCassettes(usages, inDefaultPlace)
  const candidates = new Map(
    [...own, ...orphans, ...shared]
      .map((path) => [path, unusedOf(path)] as const)
      .filter(([, files]) => files.length > 0),
  )
  const ran = usages.filter(({ isComplete }) => isComplete).map(({ testFile }) => testFile)
  const others = usedByOthers([...candidates.keys()], { places, links, ran: new Set(ran) })
  const unused = [...candidates].flatMap(([path, files]) => (others.has(path) ? [] : files))
  // Over links several paths may lead to one file, which can be removed once.
  const once = new Map(unused.toSorted().map((file) => [realPath(file), file]))
  return [...once.values()].toSorted()
}

/** Those in places of their own, with the ones of single tests below them. */
function sharedCassettes(usages: readonly FileUsage[], places: ReadonlySet<string>): string[] {
  const paths = usages
    .filter(({ cassette }) => !places.has(cassette))
    .flatMap(({ cassette, isPerTest }) =>
      isPerTest === true ? [cassette, ...testCassettes(cassette)] : [cassette],
    )
  return [...new Set(paths)]
}

function isInDefaultPlace(
  { cassette, testFile }: FileUsage,
  places: readonly CassettePlace[],
): boolean {
  return ownersOf(cassette, places).includes(testFile)
}

/** Tells of a cassette whether it is one of some test files, whatever way leads to it. */
function cassettesOf(usages: readonly FileUsage[]): (cassette: string) => boolean {
  let followed: ReadonlySet<string> | undefined
  return (cassette) => {
    followed ??= new Set(usages.map((usage) => realPath(usage.cassette)))
    return followed.has(realPath(cassette))
  }
}

/** Tells of a cassette whether one of some test files has it or used a part of it. */
function touchedBy(usages: readonly FileUsage[]): (cassette: string) => boolean {
  const touched = usages.flatMap(({ cassette, used }) => [cassette, ...used])
  const files = [...new Set(touched)].map((path) => realPath(path))
  return (cassette) => {
    const path = files.length === 0 ? cassette : realPath(cassette)
    return files.some((file) => file === path || file.startsWith(path + sep))
  }
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
