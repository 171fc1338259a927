import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { testFileOf } from './cassette-path.ts'
import { filesInDefaultPlaces } from './default-places.ts'

/**
 * The cassettes in default places whose test file is gone.
 *
 * @param touched the cassettes of the run
 * @returns absolute paths
 */
export async function orphanCassettes(
  root: string,
  cassetteDir: string | undefined,
  touched: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const places = await filesInDefaultPlaces(root, cassetteDir)
  const found = places.flatMap(({ file, place }) => {
    // The file may be a cassette by itself, or one interaction of the directory it is in. A name
    // that no test file can have was given by hand, and who plays it cannot be told.
    const cassettes = [file, dirname(file)].filter((path) =>
      /\.[cm]?[jt]sx?$/.test(testFileOf(path, root, place)),
    )
    const isKept = cassettes.some(
      (path) => touched.has(path) || existsSync(testFileOf(path, root, place)),
    )
    return isKept ? [] : cassettes
  })
  return new Set(found)
}
