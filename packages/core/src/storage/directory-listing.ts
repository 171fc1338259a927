import { readdirSync, type Dirent } from 'node:fs'
import { extname, join, sep } from 'node:path'
import { CassetteDecodeError } from '../model/errors/cassette-decode-error.ts'
import { hashInFileName } from '../model/cassette-name.ts'
import { openError } from './open-error.ts'
import { encoderOfPath } from './encoders.ts'
import { errorCode } from './error-code.ts'
import { isLeftover } from './leftovers.ts'
import { realPath } from './real-path.ts'

/** The names of the files in a directory that may be interactions, by hash and place. */
export class DirectoryListing {
  /** Temporary files that somebody left there. */
  readonly leftovers: readonly string[]
  readonly #byHash = new Map<string | undefined, readonly string[]>()

  /** @throws CassettePathError where the path is a file; CassetteDecodeError where it cannot be listed */
  constructor(path: string) {
    const entries = list(path)
    this.leftovers = entries.map((entry) => entry.name).filter(isLeftover)
    const byHash = Map.groupBy(fileNames(path, entries), hashIn)
    for (const [hash, names] of byHash) this.#byHash.set(hash, inPlaces(names))
  }

  /** Every name, in a fixed order. */
  all(): readonly string[] {
    return [...this.#byHash.values()].flat()
  }

  /** The names that carry a hash, in the order of their places. */
  withHash(hash: string): readonly string[] {
    return this.#byHash.get(hash) ?? []
  }

  add(name: string): void {
    const hash = hashIn(name)
    const names = this.#byHash.get(hash) ?? []
    if (!names.includes(name)) this.#byHash.set(hash, inPlaces([...names, name]))
  }

  delete(name: string): void {
    const hash = hashIn(name)
    const names = this.#byHash.get(hash) ?? []
    this.#byHash.set(
      hash,
      names.filter((other) => other !== name),
    )
  }
}

/** The place that a file name gives its interaction among those of the same name, from 1. */
export function placeInFileName(name: string): number {
  const stem = name.slice(0, name.length - extname(name).length)
  return Number(/_(\d{1,9})$/.exec(stem)?.[1] ?? 1)
}

function list(path: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw openError(path, error)
  }
}

/** @throws CassetteDecodeError for a link out of the directory */
function fileNames(path: string, entries: readonly Dirent[]): readonly string[] {
  return (
    entries
      .filter((entry) => encoderOfPath(entry.name) !== undefined && !entry.isDirectory())
      // What macOS keeps beside a file on other file systems and in archives, under its name.
      .filter((entry) => !entry.name.startsWith('._'))
      .map((entry) => (entry.isSymbolicLink() ? insideLink(path, entry.name) : entry.name))
      .toSorted()
  )
}

function hashIn(name: string): string | undefined {
  return hashInFileName(name.toLowerCase())
}

function inPlaces(names: readonly string[]): readonly string[] {
  return names.length === 1 ? names : names.toSorted(comparePlaces)
}

// A cassette from somewhere must not make Cassette read, or write, a file of its reader.
function insideLink(directory: string, name: string): string {
  const link = join(directory, name)
  const target = realPath(link)
  if (target.startsWith(realPath(directory) + sep)) return name
  throw new CassetteDecodeError(link, `it is a symbolic link that leads to ${target}`, {
    remedy: 'Put a copy of the file in its place, or delete it.',
  })
}

function comparePlaces(one: string, other: string): number {
  return placeInFileName(one) - placeInFileName(other)
}
