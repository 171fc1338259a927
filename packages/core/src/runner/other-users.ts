import { readFileSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { globSync } from 'tinyglobby'
import { cassettePath } from './cassette-path.ts'
import { headComment } from './head-comment.ts'

/**
 * Which of some cassettes a test file that did not run asks for, by its head comment or by writing
 * its path: one of another runner, project or configuration.
 *
 * @param cassettes absolute paths
 * @param ran absolute paths of the test files that ran
 */
export function usedByOthers(
  root: string,
  cassettes: readonly string[],
  ran: ReadonlySet<string>,
): ReadonlySet<string> {
  if (cassettes.length === 0) return new Set()
  const files = globSync('**/*.{js,jsx,ts,tsx,cjs,mjs,cts,mts}', {
    cwd: root,
    absolute: true,
    dot: true,
    ignore: ['**/node_modules/**', '**/.git/**'],
  })
  const found = files
    .filter((file) => !ran.has(file))
    .flatMap((testFile) => {
      const source = readFileSync(testFile, 'utf8')
      const named = namedCassette(source, testFile, root)
      return cassettes.filter((path) => path === named || mentions(source, root, path))
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

function mentions(source: string, root: string, cassette: string): boolean {
  const path = relative(root, cassette).replaceAll(sep, '/')
  return source.includes(path) && /\b(?:test|it|describe)\b/.test(source)
}
