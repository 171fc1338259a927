import type { Encoder } from '../model/encoder.ts'
import { DecodedCache } from './decoded-cache.ts'
import { LazyCassette } from './lazy-cassette.ts'
import { digestOf, readCassetteBytes } from './read-cassette-file.ts'

/** In bytes, of all files together. */
const maxSize = 16 * 1024 * 1024
const cache = new DecodedCache<LazyCassette>(maxSize)

/**
 * Reads a whole cassette, or takes it from the cache of this process.
 *
 * @returns `undefined` where there is no file
 * @throws CassetteDecodeError for a cassette that is broken or cannot be opened
 * @throws CassettePathError for a directory
 */
export function readLazyCassette(path: string, encoder: Encoder): LazyCassette | undefined {
  const bytes = readCassetteBytes(path)
  if (bytes === undefined) return undefined
  // What is not kept is compared with nothing, and a digest takes a while for a large file.
  if (bytes.length > maxSize) return new LazyCassette(path, encoder, bytes)
  const digest = digestOf(bytes)
  const key = `${encoder.format} ${path}`
  const before = cache.get(key, digest)
  if (before !== undefined) return before
  const cassette = new LazyCassette(path, encoder, bytes, digest)
  cache.set(key, digest, bytes.length, cassette)
  return cassette
}
