import zlib from 'node:zlib'
import { isWholeZstdFrame } from './zstd-frame.ts'

interface Coding {
  /** @param isWhole whether the data must come to its end */
  decode(bytes: Buffer, isWhole?: boolean): Buffer
  encode(bytes: Buffer): Buffer
}

const { BROTLI_OPERATION_FLUSH, Z_FINISH, Z_SYNC_FLUSH, ZSTD_e_flush } = zlib.constants
const flush = (isWhole: boolean) => ({ finishFlush: isWhole ? Z_FINISH : Z_SYNC_FLUSH })

const gzip: Coding = {
  decode: (bytes, isWhole = true) => zlib.gunzipSync(bytes, flush(isWhole)),
  encode: (bytes) => zlib.gzipSync(bytes),
}

const codings: Readonly<Record<string, Coding>> = {
  gzip,
  'x-gzip': gzip,
  deflate: { decode: inflateEither, encode: (bytes) => zlib.deflateSync(bytes) },
  br: {
    decode: (bytes, isWhole = true) =>
      zlib.brotliDecompressSync(bytes, isWhole ? {} : { finishFlush: BROTLI_OPERATION_FLUSH }),
    encode: (bytes) => zlib.brotliCompressSync(bytes),
  },
  zstd: { decode: decompressZstd, encode: (bytes) => zlib.zstdCompressSync(bytes) },
  identity: { decode: (bytes) => bytes, encode: (bytes) => bytes },
}

/**
 * Takes the codings of a `Content-Encoding` value (RFC 9110 8.4) off a body, the last one first.
 *
 * @returns `undefined` where a coding is unknown or the data is broken: keep the wire bytes then
 */
export function decodeContent(bytes: Buffer, contentEncoding: string): Buffer | undefined {
  const names = codingNames(contentEncoding)
  if (!names.every((name) => Object.hasOwn(codings, name))) return undefined
  try {
    return names.reduceRight((data, name) => codings[name]!.decode(data), bytes)
  } catch {
    return undefined
  }
}

/**
 * What can be read of coded data that breaks off, or is broken further on: anyone could.
 *
 * @returns `undefined` where a coding is unknown
 */
export function decodeStart(bytes: Buffer, contentEncoding: string): Buffer | undefined {
  if (!isKnownCoding(contentEncoding)) return undefined
  return codingNames(contentEncoding).reduceRight(
    (data, name) => longestStart(data, codings[name]!),
    bytes,
  )
}

function longestStart(bytes: Buffer, coding: Coding): Buffer {
  let decoded: Buffer = Buffer.alloc(0)
  let [good, bad] = [0, bytes.length + 1]
  for (let length = bytes.length; good < length && length < bad; length = (good + bad) >> 1) {
    try {
      decoded = coding.decode(bytes.subarray(0, length), false)
      good = length
    } catch {
      bad = length
    }
  }
  return decoded
}

/** Puts the codings of a `Content-Encoding` value on again, the first one first. */
export function encodeContent(bytes: Buffer, contentEncoding: string | undefined): Buffer {
  if (contentEncoding === undefined) return bytes
  return codingNames(contentEncoding).reduce((data, name) => codings[name]!.encode(data), bytes)
}

/** Whether every coding of a `Content-Encoding` value is one that can be put on again. */
export function isKnownCoding(contentEncoding: string): boolean {
  return codingNames(contentEncoding).every((name) => Object.hasOwn(codings, name))
}

function codingNames(contentEncoding: string): string[] {
  return contentEncoding.split(',').map((name) => name.trim().toLowerCase())
}

// Some servers send raw deflate data under the name; browsers and Node's clients accept both.
function inflateEither(bytes: Buffer, isWhole = true): Buffer {
  const isZlib = (bytes[0]! & 0x0f) === 8
  return (isZlib ? zlib.inflateSync : zlib.inflateRawSync)(bytes, flush(isWhole))
}

function decompressZstd(bytes: Buffer, isWhole = true): Buffer {
  if (!isWhole) return zlib.zstdDecompressSync(bytes, { finishFlush: ZSTD_e_flush })
  if (!isWholeZstdFrame(bytes)) throw new Error('not one whole Zstandard frame')
  return zlib.zstdDecompressSync(bytes)
}
