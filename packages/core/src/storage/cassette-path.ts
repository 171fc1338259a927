import { statSync, type Stats } from 'node:fs'
import { encoderOfPath } from './encoders.ts'
import { errorCode } from './error-code.ts'
import { refuseLinkOut } from './real-path.ts'
import { directoryError, fileError, openError } from './open-error.ts'

/**
 * Whether a cassette exists, without reading it.
 *
 * @throws CassettePathError where a file is and a directory must be, or the reverse, and where links
 * lead out of the working directory
 * @throws CassetteDecodeError where it cannot be told
 */
export function cassetteExists(path: string): boolean {
  const directory = workingDirectory()
  if (directory !== undefined) refuseLinkOut(directory, path)
  const isFile = encoderOfPath(path) !== undefined
  const found = stat(path)
  if (found === undefined) return false
  if (found.isDirectory() && isFile) throw directoryError(path)
  if (!found.isDirectory() && !isFile) throw fileError(path)
  return true
}

/** None where somebody has deleted it, as a test does with a temporary one that it worked in. */
function workingDirectory(): string | undefined {
  try {
    return process.cwd()
  } catch {
    return undefined
  }
}

function stat(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined
    throw openError(path, cause)
  }
}
