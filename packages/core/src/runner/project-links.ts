import { readdirSync, type Dirent } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { isInside, realPath } from '../storage/real-path.ts'

interface Link {
  /** Absolute path. */
  readonly path: string
  /** Where it leads, inside the project. */
  readonly target: string
}

/**
 * The symbolic links of a project: by them a file has several paths, and a cassette several places
 * in which it may belong to a test file.
 */
export class ProjectLinks {
  readonly #root: string
  readonly #realRoot: string
  readonly #links: readonly Link[]

  /** @param root absolute path of the project */
  constructor(root: string) {
    this.#root = root
    this.#realRoot = realPath(root)
    this.#links = linksBelow(root).flatMap((path) => {
      const target = this.#home(path)
      return isInside(root, target) ? [{ path, target }] : []
    })
  }

  /** The links of a name that lead to another place of the project; absolute paths. */
  named(name: string): string[] {
    return this.#links.flatMap(({ path }) => (basename(path) === name ? [path] : []))
  }

  /** Every path inside the project that leads to the same place; that without links is the first. */
  pathsTo(path: string): string[] {
    return this.#ways(this.#home(path), new Set())
  }

  /** The path without links, in the words of the root. */
  #home(path: string): string {
    const real = realPath(path)
    return isInside(this.#realRoot, real) ? this.#root + real.slice(this.#realRoot.length) : real
  }

  /** @param taken the links already gone through: they may lead in a circle */
  #ways(path: string, taken: ReadonlySet<Link>): string[] {
    const over = this.#links.filter(
      (link) => !taken.has(link) && (path === link.target || path.startsWith(link.target + sep)),
    )
    const others = over.flatMap((link) => {
      const end = basename(link.path) + path.slice(link.target.length)
      const to = this.#ways(dirname(link.path), new Set([...taken, link]))
      return to.map((directory) => join(directory, end))
    })
    return [path, ...others]
  }
}

function linksBelow(directory: string): string[] {
  return entries(directory).flatMap((entry) => {
    const path = join(directory, entry.name)
    if (entry.isSymbolicLink()) return [path]
    const isOurs = entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== '.git'
    return isOurs ? linksBelow(path) : []
  })
}

// What cannot be read has no cassettes either.
function entries(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
  } catch {
    return []
  }
}
