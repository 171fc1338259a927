import { globSync } from 'tinyglobby'
import { cassetteRoot, defaultCassetteDir, type CassettePlace } from './cassette-path.ts'
import { outermost } from './outermost.ts'

/** A file that may be a cassette, or an interaction of one. */
export interface FoundFile {
  /** Absolute path. */
  readonly file: string
  /** The project in whose `cassetteDir` it was found; absent in `__cassettes__`. */
  readonly place?: CassettePlace
}

/**
 * The files where the runners keep cassettes by default: below every `__cassettes__` of the projects
 * and in their `cassetteDir`.
 *
 * @throws OptionError for a `cassetteDir` outside its root
 */
export function filesInDefaultPlaces(places: readonly CassettePlace[]): FoundFile[] {
  const beside = outermost(places.map(({ root }) => root)).flatMap((root) =>
    // A comment or a call may have put one however far down.
    cassetteFilesBelow(root, `**/${defaultCassetteDir}/**/`),
  )
  const below = places.flatMap((place) => {
    const { root, cassetteDir } = place
    if (cassetteDir === undefined) return []
    return cassetteFilesBelow(cassetteRoot(root, cassetteDir)).map((file) => ({ file, place }))
  })
  return [...beside.map((file) => ({ file })), ...below]
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
