import { realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { errorCode } from './error-code.ts'

/**
 * Where a path leads when every symbolic link on it is followed; what is not there yet stays as it is.
 *
 * @param path absolute
 */
export function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    const above = dirname(path)
    if (errorCode(error) !== 'ENOENT' || above === path) return path
    return join(realPath(above), basename(path))
  }
}
