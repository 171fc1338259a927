import { realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import { CassettePathError } from './cassette-path-error.ts'
import { errorCode } from './error-code.ts'

/**
 * Where a path leads when every symbolic link on it is followed; what is not there yet stays as it is.
 *
 * @param path absolute
 */
export function realPath(path: string): string {
  try {
    return realpathSync.native(path)
  } catch (error) {
    const above = dirname(path)
    if (errorCode(error) !== 'ENOENT' || above === path) return path
    return join(realPath(above), basename(path))
  }
}

/** Whether a path is below a directory, by its name alone. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/**
 * Makes sure that no symbolic link leads a path out of the directory that it seems to be in. A path
 * that says by itself that it is elsewhere is meant to be.
 *
 * @throws CassettePathError
 */
export function refuseLinkOut(root: string, path: string): void {
  if (!isInside(root, path) || isInside(realPath(root), realPath(path))) return
  const problem = `symbolic links on it lead to ${realPath(path)}, outside of ${root}`
  throw new CassettePathError(path, problem, 'Give a path that stays inside the project.')
}
