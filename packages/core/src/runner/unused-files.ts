import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { glob } from 'tinyglobby'
import { openCassetteLibrary } from '../storage/open-cassette-library.ts'
import { cassetteRoot, defaultCassetteDir, testFileOf } from './cassette-path.ts'
import type { FileUsage } from './file-usage.ts'

export interface CompleteRun {
  /** Absolute path of the project. */
  readonly root: string
  /** One for each test file of the run. */
  readonly usages: readonly FileUsage[]
  readonly cassetteDir?: string | undefined
}

/**
 * The cassette files that no test of a complete run used: those of the run's cassettes, and those
 * whose test file is gone. Left out is every cassette that an incomplete test file touched, and
 * every file that does not read as a cassette.
 *
 * @returns absolute paths, sorted
 */
export async function unusedFiles(run: CompleteRun): Promise<string[]> {
  const used = new Set(run.usages.flatMap((usage) => usage.used))
  const incomplete = run.usages.filter((usage) => !usage.isComplete)
  const vetoed = new Set(incomplete.map((usage) => usage.cassette))
  const touched = new Set(run.usages.map((usage) => usage.cassette))
  const complete = [...touched].filter((cassette) => !vetoed.has(cassette))
  return [...complete, ...(await orphans(run, touched))]
    .flatMap((cassette) => cassetteFiles(cassette))
    .filter((file) => !used.has(file))
    .toSorted()
}

/** The cassettes in default places whose test file is gone. */
async function orphans(
  { root, cassetteDir }: CompleteRun,
  touched: ReadonlySet<string>,
): Promise<Set<string>> {
  const extensions = '*.{json,yaml,yml}'
  const options = { absolute: true, dot: true, ignore: ['**/node_modules/**', '**/.git/**'] }
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

/** The files of a cassette; none where it cannot be read as one. */
function cassetteFiles(path: string): string[] {
  try {
    const library = openCassetteLibrary(path)
    return [...new Set(library.interactions().map((interaction) => library.fileOf(interaction)))]
  } catch {
    return []
  }
}
