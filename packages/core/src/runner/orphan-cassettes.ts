import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { isTestCassette, testFileOf } from './cassette-path.ts'
import { filesInDefaultPlaces } from './default-places.ts'

/**
 * The cassettes in default places whose test file is gone.
 *
 * @param touched the cassettes of the run
 * @returns absolute paths
 */
export function orphanCassettes(
  root: string,
  cassetteDir: string | undefined,
  touched: ReadonlySet<string>,
): ReadonlySet<string> {
  const places = filesInDefaultPlaces(root, cassetteDir)
  const found = places.flatMap(({ file, place }) => {
    // A name that no test file can have was given by hand, and who plays it cannot be told.
    const candidates = candidatesOf(file).filter(({ ofFile }) =>
      /\.[cm]?[jt]sx?$/.test(testFileOf(ofFile, root, place)),
    )
    const isKept = candidates.some(
      ({ ofFile }) => touched.has(ofFile) || existsSync(testFileOf(ofFile, root, place)),
    )
    return isKept ? [] : candidates.map(({ cassette }) => cassette)
  })
  return new Set(found)
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
