import { readFileSync } from 'node:fs'
import { basename, dirname, relative, sep } from 'node:path'
import { cassettePath, withoutExtension } from './cassette-path.ts'
import { headComment } from './head-comment.ts'
import { sourceFiles } from './source-files.ts'

/**
 * Which of some cassettes a test file asks for that is not known to have run whole, by its head
 * comment or by writing its path: one that failed, or of another runner, project or configuration.
 *
 * @param cassettes absolute paths
 * @param ran absolute paths of the test files that ran whole
 */
export function usedByOthers(
  root: string,
  cassettes: readonly string[],
  ran: ReadonlySet<string>,
): ReadonlySet<string> {
  if (cassettes.length === 0) return new Set()
  const found = sourceFiles(root)
    .filter((file) => !ran.has(file))
    .flatMap((testFile) => {
      const source = readFileSync(testFile, 'utf8')
      const named = namedCassette(source, testFile, root)
      return cassettes.filter((path) => isOf(path, named) || mentions(source, root, testFile, path))
    })
  return new Set(found)
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
