import zlib from 'node:zlib'
import { isWholeZstdFrame } from './zstd-frame.ts'

interface Coding {
  decode(bytes: Buffer): Buffer
  encode(bytes: Buffer): Buffer
}

const gzip: Coding = { decode: zlib.gunzipSync, encode: (bytes) => zlib.gzipSync(bytes) }

const codings: Readonly<Record<string, Coding>> = {
  gzip,
  'x-gzip': gzip,
  deflate: { decode: inflateEither, encode: (bytes) => zlib.deflateSync(bytes) },
  br: { decode: zlib.brotliDecompressSync, encode: (bytes) => zlib.brotliCompressSync(bytes) },
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
function inflateEither(bytes: Buffer): Buffer {
  const isZlib = (bytes[0]! & 0x0f) === 8
  return isZlib ? zlib.inflateSync(bytes) : zlib.inflateRawSync(bytes)
}

function decompressZstd(bytes: Buffer): Buffer {
  if (!isWholeZstdFrame(bytes)) throw new Error('not one whole Zstandard frame')
  return zlib.zstdDecompressSync(bytes)
}
