import { randomUUID } from 'node:crypto'
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { warnOnce } from '../warn-once.ts'
import { otherLists, removeList, writeList, type RunnerName } from './unused-lists.ts'

/** Written at the root of the project at the end of a complete run. */
export const unusedLogName = '.unused_cassette.log'

/** What a complete run found; absolute paths. */
export interface UnusedFiles {
  readonly unused: readonly string[]
  readonly used: readonly string[]
}

/**
 * Writes the log that `xargs rm < .unused_cassette.log` reads: one path a line, relative to the
 * root, escaped for `xargs`. Empty where nothing is unused. What another runner of the same root
 * found stays in it, as far as this run did not use it.
 */
export function writeUnusedLog(root: string, runner: RunnerName, found: UnusedFiles): void {
  const { unused, used } = found
  writeList(root, runner, unused)
  const others = otherLists(root, runner).filter((file) => isLeft(file) && !used.includes(file))
  write(root, [...unused, ...others])
}

/**
 * Removes what a runner found in an earlier run, and with it the log, unless another runner of the
 * same root found something. A log that has to stay is warned of: a suite on a read-only file system
 * still replays.
 */
export function removeUnusedLog(root: string, runner: RunnerName): void {
  removeList(root, runner)
  const others = otherLists(root, runner).filter((file) => isLeft(file))
  try {
    if (others.length > 0) write(root, others)
    else rmSync(join(root, unusedLogName), { force: true })
  } catch (error) {
    const path = join(root, unusedLogName)
    const message = `${path} is that of an earlier run, do not use it: it cannot be removed.`
    warnOnce(`${message} ${String(error)}`, path)
  }
}

function isLeft(file: string): boolean {
  return existsSync(file)
}

function write(root: string, files: readonly string[]): void {
  const paths = [...new Set(files)].map((file) => relative(root, file).replaceAll(sep, '/'))
  const lines = paths.toSorted().map((path) => `${escaped(path)}\n`)
  const temporary = join(root, `.cassette-${randomUUID()}.tmp`)
  try {
    writeFileSync(temporary, lines.join(''), { flag: 'wx' })
    renameSync(temporary, join(root, unusedLogName))
  } finally {
    rmSync(temporary, { force: true })
  }
}

// `xargs` splits on blanks and reads quotes and backslashes; `rm` reads a leading dash.
function escaped(path: string): string {
  const quoted = path.replaceAll(/[\s'"\\]/g, String.raw`\$&`)
  return quoted.startsWith('-') ? `./${quoted}` : quoted
}
