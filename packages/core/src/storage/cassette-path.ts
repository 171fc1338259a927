import { statSync } from 'node:fs'
import { CassetteDecodeError } from '../model/errors/cassette-decode-error.ts'
import { CassettePathError } from './cassette-path-error.ts'
import { encoderOfPath } from './encoders.ts'
import { errorCode } from './error-code.ts'

/**
 * Whether a cassette exists, by one `stat` and without reading it.
 *
 * @throws CassettePathError where a file is and a directory must be, or the reverse
 * @throws CassetteDecodeError where it cannot be told
 */
export function cassetteExists(path: string): boolean {
  const isFile = isFilePath(path)
  const found = stat(path)
  if (found === undefined) return false
  if (found.isDirectory() && isFile) throw directoryError(path)
  if (!found.isDirectory() && !isFile) throw fileError(path)
  return true
}

/** Whether a path names a cassette that is one file; all others are directories. */
export function isFilePath(path: string): boolean {
  return encoderOfPath(path) !== undefined
}

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
  const remedy = 'Make it readable, or delete it to record anew.'
  return new CassetteDecodeError(path, problem, { cause, remedy })
}

function stat(path: string): ReturnType<typeof statSync> | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (cause) {
    throw openError(path, cause)
  }
}

function directoryError(path: string, cause?: unknown): CassettePathError {
  return new CassettePathError(
    path,
    'it is a directory, and a path with this extension names one file',
    'Give a path without the extension, or move the directory away.',
    { cause },
  )
}

function fileError(path: string, cause?: unknown): CassettePathError {
  const problem = isFilePath(path)
    ? 'a part of it that must be a directory is a file'
    : 'it, or a part of it, is a file, and a path without a known extension names a directory'
  return new CassettePathError(
    path,
    problem,
    'Move the file away, or give a path that ends in .json or .yaml to keep the cassette in one file.',
    { cause },
  )
}
