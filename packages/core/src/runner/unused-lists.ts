import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isOwnDirectory } from '../storage/is-own-directory.ts'
import { sourceFiles } from './source-files.ts'

/** Who runs tests; two may do so under one root. */
export type RunnerName = 'jest' | 'vitest'

/** Keeps what a runner found unused, so that another one can keep it in the log. */
export function writeList(root: string, runner: RunnerName, unused: readonly string[]): void {
  if (unused.length === 0 || !areOurs()) {
    removeList(root, runner)
    return
  }
  const directory = directoryOf(root)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  writeFileSync(join(directory, runner), JSON.stringify(unused))
}

/** Forgets what a runner found; does nothing where it found nothing. */
export function removeList(root: string, runner: RunnerName): void {
  if (areOurs()) rmSync(join(directoryOf(root), runner), { force: true })
}

/** What all other runners found: absolute paths. */
export function otherLists(root: string, runner: RunnerName): string[] {
  const directory = directoryOf(root)
  try {
    return otherNames(root, runner).flatMap((name): string[] =>
      JSON.parse(readFileSync(join(directory, name), 'utf8')),
    )
  } catch {
    // A list that is not there, or is being written, can wait for the next run.
    return []
  }
}

/** Forgets what other runners found before a source file of the project was last changed. */
export function removeStaleLists(root: string, runner: RunnerName): void {
  const lists = otherNames(root, runner).map((name) => join(directoryOf(root), name))
  if (lists.length === 0) return
  // Not `Math.max(...)`, whose arguments would overflow the stack in a huge project.
  const newest = sourceFiles(root).reduce((time, file) => Math.max(time, modifiedAt(file)), 0)
  for (const list of lists) {
    if (modifiedAt(list) <= newest) rmSync(list, { force: true })
  }
}

function otherNames(root: string, runner: RunnerName): string[] {
  try {
    return areOurs() ? readdirSync(directoryOf(root)).filter((name) => name !== runner) : []
  } catch {
    return []
  }
}

/** In milliseconds; also the moment in which an older file came to where it is. */
function modifiedAt(file: string): number {
  try {
    const { mtimeMs, ctimeMs } = statSync(file)
    return Math.max(mtimeMs, ctimeMs)
  } catch {
    return 0
  }
}

// Not in the project, where it would have to be ignored by hand. A list that is lost is one more
// run of the other runner.
function directoryOf(root: string): string {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16)
  return join(listsOfUser(), name)
}

function listsOfUser(): string {
  return join(tmpdir(), `cassette-unused-${process.getuid?.() ?? 'user'}`)
}

/** Whether the lists are: their files will be deleted, and `/tmp` is everybody's. */
function areOurs(): boolean {
  return isOwnDirectory(listsOfUser())
}
