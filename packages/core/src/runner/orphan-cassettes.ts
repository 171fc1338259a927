import { existsSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import {
  defaultCassetteDir,
  isTestCassette,
  testFileOf,
  type CassettePlace,
} from './cassette-path.ts'
import { cassetteFilesBelow, filesInDefaultPlaces, type FoundFile } from './default-places.ts'
import { ownersOf } from './owners-of.ts'
import type { ProjectLinks } from './project-links.ts'

interface Search {
  /** Every project of the run. */
  readonly places: readonly CassettePlace[]
  readonly links: ProjectLinks
  /** Whether a cassette is one of the run's. */
  readonly isTouched: (cassette: string) => boolean
  /** Whether to look behind linked folders as well: who else may need what is there is not known. */
  readonly followsLinks: boolean
}

/**
 * The cassettes in default places whose test file is gone, whatever way leads there.
 *
 * @returns absolute paths
 */
export function orphanCassettes(search: Search): ReadonlySet<string> {
  const { places, links, isTouched, followsLinks } = search
  const hasOwner = (path: string): boolean =>
    ownersOf(path, places).some((owner) => existsSync(owner))
  const isKept = (path: string): boolean =>
    hasOwner(path) || isTouched(path) || links.pathsTo(path).some((other) => hasOwner(other))

  const all = [...filesInDefaultPlaces(places), ...(followsLinks ? behindLinks(links) : [])]
  const found = all.flatMap(({ file, place }) => {
    // A name that no test file can have was given by hand, and who plays it cannot be told.
    const candidates = candidatesOf(file).filter(
      ({ ofFile }) =>
        /\.[cm]?[jt]sx?$/.test(testFileOf(ofFile, place)) &&
        (place !== undefined || isBesideTests(ofFile)),
    )
    const isOwned = candidates.some(({ ofFile }) => isKept(ofFile))
    return isOwned ? [] : candidates.map(({ cassette }) => cassette)
  })
  return new Set(found)
}

function behindLinks(links: ProjectLinks): FoundFile[] {
  return links
    .named(defaultCassetteDir)
    .flatMap((path) => cassetteFilesBelow(path, '{,*/,*/*/}').map((file) => ({ file })))
}

/** Further down, it is in the `cassetteDir` of a configuration that this run knows nothing of. */
function isBesideTests(cassette: string): boolean {
  return basename(dirname(cassette)) === defaultCassetteDir
}

/** What a file may be part of: a cassette, and that of the test file to which it belongs. */
function candidatesOf(file: string): { cassette: string; ofFile: string }[] {
  const directory = dirname(file)
  return [
    { cassette: file, ofFile: file },
    { cassette: directory, ofFile: directory },
    ...(isTestCassette(file) ? [{ cassette: file, ofFile: directory }] : []),
    ...(isTestCassette(directory) ? [{ cassette: directory, ofFile: dirname(directory) }] : []),
  ]
}
