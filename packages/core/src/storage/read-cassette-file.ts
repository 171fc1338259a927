import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { Encoder } from '../model/encoder.ts'
import { CassetteDecodeError } from '../model/errors/cassette-decode-error.ts'
import { type CassetteDocument, decodeDocument, isCassetteDocument } from './cassette-document.ts'
import { openError } from './open-error.ts'
import { DecodedCache } from './decoded-cache.ts'
import { encoderOfPath } from './encoders.ts'
import { flatCopy } from './flat-copy.ts'
import { errorCode } from './error-code.ts'
import { jsonEncoder } from './json-encoder.ts'
import { maxFileSize } from './max-file-size.ts'
import { tooManyFrom } from './too-many-values.ts'

/** A file that was written by hand beside the recordings and is none, and the error that says so. */
interface ForeignDocument {
  readonly kind: 'foreign'
  readonly error: CassetteDecodeError
}

/** A file as it was read; equal digests mean equal bytes. */
export interface CassetteFile {
  readonly digest: string
  readonly document: CassetteDocument | ForeignDocument
}

const cache = new DecodedCache<CassetteFile>(16 * 1024 * 1024)

/**
 * Reads and decodes a file, or takes it from the cache of this process.
 *
 * @param encoder of its format, where its extension does not tell
 * @returns `undefined` where there is none
 * @throws CassetteDecodeError for a cassette that is broken or cannot be opened
 * @throws CassettePathError for a directory
 */
export function readCassetteFile(
  path: string,
  encoder: Encoder = encoderOfPath(path) ?? jsonEncoder,
): CassetteFile | undefined {
  const bytes = readCassetteBytes(path)
  if (bytes === undefined) return undefined
  const digest = digestOf(bytes)
  const key = `${encoder.format} ${path}`
  const known = cache.get(key, digest)
  if (known !== undefined) return known
  const file = { digest, document: decodeCassetteBytes(path, encoder, bytes) }
  cache.set(key, digest, bytes.length, file)
  return file
}

/** What tells the content of a file from another. */
export function digestOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

/**
 * What tells the content of a file from another, without decoding it.
 *
 * @returns `undefined` where there is no file
 * @throws as `readCassetteBytes` does
 */
export function digestOfFile(path: string): string | undefined {
  const bytes = readCassetteBytes(path)
  return bytes && digestOf(bytes)
}

/**
 * The bytes of a file.
 *
 * @returns `undefined` where there is none
 * @throws CassetteDecodeError for what cannot be opened or is too large
 * @throws CassettePathError for a directory
 */
export function readCassetteBytes(path: string): Buffer | undefined {
  try {
    // A pipe or a device may never end.
    const found = statSync(path)
    if (!found.isFile() && !found.isDirectory()) throw notAFile(path)
    if (found.size > maxFileSize) throw tooLarge(path, found.size)
    return readFileSync(path)
  } catch (error) {
    if (error instanceof CassetteDecodeError) throw error
    if (errorCode(error) === 'ENOENT') return undefined
    throw openError(path, error)
  }
}

function notAFile(path: string): CassetteDecodeError {
  const remedy = 'Delete it, or give another path.'
  return new CassetteDecodeError(path, 'it is neither a file nor a directory', { remedy })
}

function tooLarge(path: string, size: number): CassetteDecodeError {
  const problem = `it has ${size} bytes, and no cassette goes beyond byte ${maxFileSize}`
  return new CassetteDecodeError(path, problem)
}

function tooManyValues(path: string, end: number): CassetteDecodeError {
  const problem = `at byte ${end} it holds more JSON values than Cassette reads of one file`
  return new CassetteDecodeError(path, problem)
}

/**
 * Decodes the bytes of a file.
 *
 * @throws CassetteDecodeError for a cassette that is broken
 */
export function decodeCassetteBytes(
  path: string,
  encoder: Encoder,
  bytes: Buffer,
): CassetteFile['document'] {
  const end = encoder === jsonEncoder ? tooManyFrom(bytes) : undefined
  if (end !== undefined) throw tooManyValues(path, end)
  let text: string
  try {
    text = decodeText(path, bytes)
  } catch (error) {
    if (!(error instanceof CassetteDecodeError) || startsLikeCassette(bytes.toString('latin1')))
      throw error
    return { kind: 'foreign', error }
  }
  let value: unknown
  try {
    value = encoder.decode(text)
  } catch (cause) {
    const error = syntaxError(path, encoder.format.toUpperCase(), text, cause)
    if (startsLikeCassette(text)) throw error
    return { kind: 'foreign', error }
  }
  if (isCassetteDocument(value)) {
    const document = decodeDocument(value, path)
    if (encoder.format !== 'yaml') return document
    return { ...document, interactions: document.interactions.map(flatCopy) }
  }
  const problem = 'it is not a cassette: it has no field `cassette`'
  return { kind: 'foreign', error: new CassetteDecodeError(path, problem) }
}

function decodeText(path: string, bytes: Buffer): string {
  try {
    // Takes a byte order mark off, which some editors put before a text.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    const problem = `it is not UTF-8 at byte ${firstBadByte(bytes)}`
    throw new CassetteDecodeError(path, problem, { cause })
  }
}

/** The offset of the first byte that is no UTF-8. */
function firstBadByte(bytes: Buffer): number {
  const replacement = Buffer.from('\ufffd')
  let offset = 0
  for (const part of bytes.toString('utf8').split('\ufffd')) {
    offset += Buffer.byteLength(part)
    // The character itself is UTF-8 as well.
    if (!bytes.subarray(offset, offset + replacement.length).equals(replacement)) return offset
    offset += replacement.length
  }
  return offset
}

function syntaxError(
  path: string,
  format: string,
  text: string,
  cause: unknown,
): CassetteDecodeError {
  if (text.trim() === '') return new CassetteDecodeError(path, 'the file is empty', { cause })
  const problem = `it is not ${format}: ${cause instanceof Error ? cause.message : String(cause)}`
  const remedy = /^(?:<{7}|>{7}) /m.test(text)
    ? 'It holds the marks of a merge conflict: resolve it, or delete the file to record anew.'
    : undefined
  return new CassetteDecodeError(path, problem, { cause, remedy })
}

// `cassette` is the first field of every file that Cassette writes.
function startsLikeCassette(text: string): boolean {
  return /^\s*(?:\{\s*)?"?cassette"?\s*:/.test(text)
}
