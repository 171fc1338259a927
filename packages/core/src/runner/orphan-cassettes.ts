import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { glob } from 'tinyglobby'
import { cassetteRoot, defaultCassetteDir, testFileOf } from './cassette-path.ts'

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
  const extensions = '*.{json,yaml,yml}'
  const options = {
    absolute: true,
    dot: true,
    // What a link leads to belongs to somebody else.
    followSymbolicLinks: false,
    ignore: ['**/node_modules/**', '**/.git/**'],
  }
  const beside = await glob(`**/${defaultCassetteDir}/{,*/}${extensions}`, {
    cwd: root,
    ...options,
  })
  const below =
    cassetteDir === undefined
      ? []
      : await glob(`**/${extensions}`, { cwd: cassetteRoot(root, cassetteDir), ...options })
  const places = [
    ...beside.map((file) => ({ file, place: undefined })),
    ...below.map((file) => ({ file, place: cassetteDir })),
  ]
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
