import { resolve } from 'node:path'
import type { CassetteLibrary } from '../model/cassette-library.ts'
import type { FileFormat } from '../model/encoder.ts'
import type { MatcherSet } from '../model/matcher-set.ts'
import type { SecretScanner } from '../model/secret-scanner.ts'
import { DirectoryCassetteLibrary } from './directory-cassette-library.ts'
import { encoderFor, encoderOfPath } from './encoders.ts'
import { FileCassetteLibrary } from './file-cassette-library.ts'

/** How a cassette is kept. */
export interface StorageOptions {
  /**
   * The format of new files. Given, it wins over the extension of the path.
   *
   * @default what the extension of the path says; `'json'` for a directory
   */
  readonly fileFormat?: FileFormat | undefined
  /**
   * Has a last look at what is new before it is written.
   *
   * @default none
   * @internal
   */
  readonly scanner?: SecretScanner | undefined
  /**
   * The matchers in force: what others named is renamed in memory.
   *
   * @default every interaction keeps the name it is stored by
   * @internal
   */
  readonly matchers?: MatcherSet | undefined
}

/**
 * Opens the cassette of a path: one file where the path ends in `.json`, `.yaml` or `.yml`, else a
 * directory with a file per interaction. Touches no disk; there need be nothing yet.
 *
 * @throws OptionError for an unknown format
 */
export function openCassetteLibrary(path: string, options: StorageOptions = {}): CassetteLibrary {
  const { fileFormat, matchers, scanner } = options
  const ofPath = encoderOfPath(path)
  const encoder = fileFormat === undefined ? ofPath : encoderFor(fileFormat)
  return ofPath === undefined || encoder === undefined
    ? new DirectoryCassetteLibrary(resolve(path), encoder ?? encoderFor('json'), matchers, scanner)
    : new FileCassetteLibrary(resolve(path), encoder, matchers, scanner)
}
