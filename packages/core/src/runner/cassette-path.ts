import { basename, dirname, join, relative, resolve } from 'node:path'
import { OptionError } from '../model/errors/option-error.ts'
import { isInside, refuseLinkOut } from '../storage/real-path.ts'
import type { RunnerOptions } from './runner-options.ts'

/** The directory beside a test file that holds its cassette, as `__snapshots__` holds snapshots. */
export const defaultCassetteDir = '__cassettes__'

/** A project, and where it keeps its cassettes. */
export interface CassettePlace {
  /** Absolute path of the project. */
  readonly root: string
  readonly cassetteDir?: string | undefined
}

export interface TestFilePlace {
  /** Absolute path of the test file. */
  readonly testFile: string
  /** Absolute path of the project. */
  readonly root: string
}

type PathOptions = Pick<RunnerOptions, 'cassetteDir' | 'fileFormat' | 'storage'>

/**
 * Where the cassette of a test file is: what its head comment says, else a place of the same name
 * in `__cassettes__` beside it, or in `cassetteDir` with the tree of the project mirrored.
 *
 * @param comment the path of the head comment: relative to the root, or to the test file where it
 * starts with `./` or `../`
 * @returns an absolute path
 * @throws OptionError for a path outside the root; CassettePathError where symbolic links lead there
 */
export function cassettePath(place: TestFilePlace, options: PathOptions, comment?: string): string {
  const path = wantedPath(place, options, comment)
  refuseLinkOut(place.root, path)
  return path
}

function wantedPath(
  { testFile, root }: TestFilePlace,
  options: PathOptions,
  comment: string | undefined,
): string {
  if (comment !== undefined) {
    const base = /^\.\.?[/\\]/.test(comment) ? dirname(testFile) : root
    const path = resolve(base, comment)
    if (!isInside(root, path)) {
      throw new OptionError(`@cassette in ${testFile}`, comment, `a path inside ${root}`)
    }
    return path
  }
  const { cassetteDir, fileFormat = 'json', storage = 'directory' } = options
  const name = basename(testFile) + (storage === 'file' ? `.${fileFormat}` : '')
  if (cassetteDir === undefined) return join(dirname(testFile), defaultCassetteDir, name)
  if (isInside(root, testFile)) {
    return join(cassetteRoot(root, cassetteDir), relative(root, dirname(testFile)), name)
  }
  const expected = `a test file inside ${root}, whose place cassetteDir mirrors`
  throw new OptionError('test file', testFile, expected)
}

/**
 * Where the cassette of one test is: below that of its file, in a place made of its name.
 *
 * @param cassette absolute path of the file's cassette
 * @param test its full name
 */
export function testCassettePath(cassette: string, test: string): string {
  const stem = withoutExtension(cassette)
  const readable = test
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .slice(0, 80)
    .replaceAll(/^_|_$/g, '')
  // Loaded late: most test files have no need of it.
  const { createHash } = process.getBuiltinModule('node:crypto')
  const hash = createHash('sha256').update(test).digest('hex').slice(0, 8)
  const name = `${readable === '' ? 'test' : readable}_${hash}`
  return join(stem, name + cassette.slice(stem.length))
}

/** Whether a path is one that `testCassettePath` gives. */
export function isTestCassette(path: string): boolean {
  return /_[0-9a-f]{8}$/.test(withoutExtension(path))
}

/** Whether a file has the name that the cassette of a test file, or of one test, has by default. */
export function isNamedByTest(file: string): boolean {
  const owner = isTestCassette(file) ? dirname(file) : withoutExtension(file)
  return /\.[cm]?[jt]sx?$/.test(owner)
}

/** A cassette's path without what tells its format; a directory keeps its name. */
export function withoutExtension(cassette: string): string {
  return cassette.replace(/\.(?:json|ya?ml)$/i, '')
}

/**
 * The test file that a cassette in a default place belongs to: the reverse of `cassettePath`.
 *
 * @param cassette absolute path of a cassette in `__cassettes__` or in `cassetteDir`
 * @param place whose `cassetteDir` it is in; none for `__cassettes__`
 */
export function testFileOf(cassette: string, place?: CassettePlace): string {
  const name = basename(cassette).replace(/(?<=\.[cm]?[jt]sx?)\.(json|ya?ml)$/, '')
  const directory = dirname(cassette)
  if (place?.cassetteDir === undefined) return join(dirname(directory), name)
  const { root, cassetteDir } = place
  return join(root, relative(cassetteRoot(root, cassetteDir), directory), name)
}

/** @throws OptionError for a directory outside the root */
export function cassetteRoot(root: string, cassetteDir: string): string {
  const path = resolve(root, cassetteDir)
  if (isInside(root, path)) return path
  throw new OptionError('option cassetteDir', cassetteDir, `a directory inside ${root}`)
}
