import { extname, resolve } from 'node:path'
import type { CassetteLibrary } from '../model/cassette-library.ts'
import type { FileFormat } from '../model/encoder.ts'
import { OptionError } from '../model/errors/option-error.ts'
import { DirectoryCassetteLibrary } from './directory-cassette-library.ts'
import { encoderFor, encoderOfPath } from './encoders.ts'
import { FileCassetteLibrary } from './file-cassette-library.ts'

/** How a cassette is kept. */
export interface StorageOptions {
  /**
   * The format of new files.
   *
   * @default what the extension of the path says; `'json'` for a directory
   */
  readonly fileFormat?: FileFormat | undefined
}

/**
 * Opens the cassette of a path: one file where the path ends in `.json`, `.yaml` or `.yml`, else a
 * directory with a file per interaction. Touches no disk; there need be nothing yet.
 *
 * @throws OptionError for a format that is unknown or is not the one of the path's extension
 */
export function openCassetteLibrary(path: string, options: StorageOptions = {}): CassetteLibrary {
  const { fileFormat } = options
  const ofPath = encoderOfPath(path)
  const encoder = fileFormat === undefined ? ofPath : encoderFor(fileFormat)
  if (ofPath === undefined) {
    return new DirectoryCassetteLibrary(resolve(path), encoder ?? encoderFor('json'))
  }
  if (encoder !== undefined && encoder !== ofPath) {
    const expected = `'${ofPath.format}' for a path that ends in ${extname(path)}, or another path`
    throw new OptionError('fileFormat', fileFormat, expected)
  }
  return new FileCassetteLibrary(resolve(path), ofPath)
}
