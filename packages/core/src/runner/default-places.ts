import { globSync } from 'tinyglobby'
import { cassetteRoot, defaultCassetteDir } from './cassette-path.ts'

/** A file that may be a cassette, or an interaction of one. */
export interface FoundFile {
  /** Absolute path. */
  readonly file: string
  /** The `cassetteDir` that it was found in; absent in `__cassettes__`. */
  readonly place?: string
}

/**
 * The files where the runners keep cassettes by default: in every `__cassettes__` of a project and in
 * its `cassetteDir`.
 *
 * @throws OptionError for a `cassetteDir` outside the root
 */
export function filesInDefaultPlaces(root: string, cassetteDir: string | undefined): FoundFile[] {
  // The cassettes of single tests are one level further down.
  const beside = cassetteFilesBelow(root, `**/${defaultCassetteDir}/{,*/,*/*/}`)
  const below = cassetteDir === undefined ? [] : cassetteFilesBelow(cassetteRoot(root, cassetteDir))
  return [
    ...beside.map((file) => ({ file })),
    ...below.map((file) => ({ file, place: cassetteDir! })),
  ]
}

/**
 * The files below a directory whose extension is that of a cassette, sorted.
 *
 * @param where a pattern for their directories, that ends in `/`
 * @returns absolute paths
 */
export function cassetteFilesBelow(directory: string, where = '**/'): string[] {
  const files = globSync(`${where}*.{json,yaml,yml}`, {
    cwd: directory,
    absolute: true,
    dot: true,
    expandDirectories: false,
    // What a link leads to belongs to somebody else.
    followSymbolicLinks: false,
    // The last are those of macOS beside files on other file systems.
    ignore: ['**/node_modules/**', '**/.git/**', '**/._*'],
  })
  return files.toSorted()
}
