import { statSync, type Stats } from 'node:fs'
import { encoderOfPath } from './encoders.ts'
import { errorCode } from './error-code.ts'
import { directoryError, fileError, openError } from './open-error.ts'

/**
 * Whether a cassette exists, by one `stat` and without reading it.
 *
 * @throws CassettePathError where a file is and a directory must be, or the reverse
 * @throws CassetteDecodeError where it cannot be told
 */
export function cassetteExists(path: string): boolean {
  const isFile = encoderOfPath(path) !== undefined
  const found = stat(path)
  if (found === undefined) return false
  if (found.isDirectory() && isFile) throw directoryError(path)
  if (!found.isDirectory() && !isFile) throw fileError(path)
  return true
}

function stat(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined
    throw openError(path, cause)
  }
}
