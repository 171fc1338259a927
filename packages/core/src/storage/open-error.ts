import { CassetteDecodeError } from '../model/errors/cassette-decode-error.ts'
import { CassettePathError } from './cassette-path-error.ts'
import { encoderOfPath } from './encoders.ts'
import { errorCode } from './error-code.ts'
import { remedyFor } from './remedy-for.ts'

/**
 * The error for a cassette that is there but cannot be opened.
 *
 * @param cause the error of the file system
 */
export function openError(path: string, cause: unknown): CassettePathError | CassetteDecodeError {
  const code = errorCode(cause)
  if (code === 'EISDIR') return directoryError(path, cause)
  if (code === 'ENOTDIR') return fileError(path, cause)
  const problem = `it cannot be opened (${cause instanceof Error ? cause.message : String(cause)})`
  const remedy = remedyFor(cause, 'Make it readable, or delete it to record anew.')
  return new CassetteDecodeError(path, problem, { cause, remedy })
}

/** The error for a directory where a file must be. */
export function directoryError(path: string, cause?: unknown): CassettePathError {
  return new CassettePathError(
    path,
    'it is a directory, and a path with this extension names one file',
    'Give a path without the extension, or move the directory away.',
    { cause },
  )
}

/** The error for a file where a directory must be. */
export function fileError(path: string, cause?: unknown): CassettePathError {
  const problem =
    encoderOfPath(path) !== undefined
      ? 'a part of it that must be a directory is a file'
      : 'it, or a part of it, is a file, and a path without a known extension names a directory'
  return new CassettePathError(
    path,
    problem,
    'Move the file away, or give a path that ends in .json or .yaml to keep the cassette in one file.',
    { cause },
  )
}
