import { readFileSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import {
  cassettePath,
  defaultCassetteDir,
  isTestCassette,
  testFileOf,
  withoutExtension,
  type CassettePlace,
} from './cassette-path.ts'
import { headComment } from './head-comment.ts'
import { outermost } from './outermost.ts'
import { ownersOf } from './owners-of.ts'
import type { ProjectLinks } from './project-links.ts'
import { sourceFiles } from './source-files.ts'

interface Run {
  /** Every project of the run. */
  readonly places: readonly CassettePlace[]
  readonly links: ProjectLinks
  /** Absolute paths of the test files that ran whole. */
  readonly ran: ReadonlySet<string>
}

/**
 * Which of some cassettes a test file asks for that is not known to have run whole, by its place, by
 * its head comment or by writing its path: one that failed, or of another runner, project or
 * configuration.
 *
 * @param cassettes absolute paths
 */
export function usedByOthers(cassettes: readonly string[], run: Run): ReadonlySet<string> {
  if (cassettes.length === 0) return new Set()
  const { places, links, ran } = run
  const roots = [...new Set(places.map(({ root }) => root))]
  // Whoever asks may do so by any way that leads there.
  const ways = cassettes.map((cassette) => ({ cassette, paths: links.pathsTo(cassette) }))
  const sources = outermost(roots).flatMap((root) => sourceFiles(root))
  const others = sources.filter((file) => !ran.has(file))
  const isThere = new Set(others)
  const owned = ways.filter(({ paths }) =>
    paths
      .flatMap((path) => (isTestCassette(path) ? [path, dirname(path)] : [path]))
      .flatMap((path) => [...ownersOf(path, places), ...ownersAbove(path)])
      .some((owner) => isThere.has(owner)),
  )
  const asked = others.flatMap((testFile) => {
    const source = readFileSync(testFile, 'utf8')
    // Which of the projects it belongs to is not known.
    const asks = roots.map((root) => ({ root, named: namedCassette(source, testFile, root) }))
    return ways.filter(({ paths }) =>
      paths.some((path) =>
        asks.some(({ root, named }) => isOf(path, named) || mentions(source, root, testFile, path)),
      ),
    )
  })
  return new Set([...owned, ...asked].map(({ cassette }) => cassette))
}

/**
 * The test files, there or not, whose cassette it is where a configuration that the run knows nothing
 * of has a `cassetteDir` such as `test/__cassettes__`.
 */
function ownersAbove(cassette: string): string[] {
  if (basename(dirname(cassette)) !== defaultCassetteDir) return []
  const owners: string[] = []
  let owner = testFileOf(cassette)
  while (dirname(dirname(owner)) !== dirname(owner)) {
    owner = join(dirname(dirname(owner)), basename(owner))
    owners.push(owner)
  }
  return owners
}

function namedCassette(source: string, testFile: string, root: string): string | undefined {
  try {
    const { path } = headComment(source, testFile)
    return path === undefined ? undefined : cassettePath({ testFile, root }, {}, path)
  } catch {
    return undefined
  }
}

/** Whether it is that cassette, or one of a single test below it. */
function isOf(path: string, named: string | undefined): boolean {
  if (named === undefined) return false
  return path === named || path.startsWith(withoutExtension(named) + sep)
}

function mentions(source: string, root: string, testFile: string, cassette: string): boolean {
  if (!/\b(?:test|it|describe)\b/.test(source)) return false
  const paths = [root, dirname(testFile)].map((from) => relative(from, cassette))
  return paths
    .filter((path) => path.endsWith(basename(cassette)))
    .some((path) => source.includes(path.replaceAll(sep, '/')))
}
