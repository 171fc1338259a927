import { readdirSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import { CassetteDecodeError } from '../model/errors/cassette-decode-error.ts'
import { hashInFileName } from '../model/cassette-name.ts'
import { openError } from './open-error.ts'
import { encoderOfPath } from './encoders.ts'
import { errorCode } from './error-code.ts'
import { realPath } from './real-path.ts'

/** The names of the files in a directory that may be interactions, by hash and place. */
export class DirectoryListing {
  readonly #byHash = new Map<string | undefined, readonly string[]>()

  /** @throws CassettePathError where the path is a file; CassetteDecodeError where it cannot be listed */
  constructor(path: string) {
    for (const name of list(path)) this.add(name)
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
    const hash = hashInFileName(name.toLowerCase())
    const names = this.#byHash.get(hash) ?? []
    if (!names.includes(name)) this.#byHash.set(hash, [...names, name].toSorted(comparePlaces))
  }

  delete(name: string): void {
    const hash = hashInFileName(name.toLowerCase())
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

function list(path: string): readonly string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && encoderOfPath(entry.name) !== undefined)
      .map((entry) => (entry.isSymbolicLink() ? insideLink(path, entry.name) : entry.name))
      .toSorted()
  } catch (error) {
    if (error instanceof CassetteDecodeError) throw error
    if (errorCode(error) === 'ENOENT') return []
    throw openError(path, error)
  }
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
