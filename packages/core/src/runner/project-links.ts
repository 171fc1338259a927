import { readdirSync, type Dirent } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { isInside, realPath } from '../storage/real-path.ts'

interface Link {
  /** Absolute path. */
  readonly path: string
  /** Where it leads, inside a project. */
  readonly target: string
}

/**
 * The symbolic links of the projects of a run: by them a file has several paths, and a cassette
 * several places in which it may belong to a test file.
 */
export class ProjectLinks {
  readonly #roots: readonly { readonly root: string; readonly real: string }[]
  readonly #links: readonly Link[]

  /** @param roots absolute paths of the projects, none inside another */
  constructor(roots: readonly string[]) {
    this.#roots = roots.map((root) => ({ root, real: realPath(root) }))
    this.#links = roots.flatMap(linksBelow).flatMap((path) => {
      const target = this.#home(path)
      return roots.some((root) => isInside(root, target)) ? [{ path, target }] : []
    })
  }

  /** The links of a name that lead to another place of a project; absolute paths. */
  named(name: string): string[] {
    return this.#links.flatMap(({ path }) => (basename(path) === name ? [path] : []))
  }

  /** Every path inside the projects that leads to the same place; that without links is the first. */
  pathsTo(path: string): string[] {
    return this.#ways(this.#home(path), new Set())
  }

  /** The path without links, in the words of a root. */
  #home(path: string): string {
    const realOne = realPath(path)
    const home = this.#roots.find(({ real }) => isInside(real, realOne))
    return home === undefined ? realOne : home.root + realOne.slice(home.real.length)
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
