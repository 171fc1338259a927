import { isUtf8 } from 'node:buffer'
import { decodeContent, encodeContent } from './content-coding.ts'
import { headerValue, isJson, mediaType, type HeaderList } from './header-list.ts'

/** A JSON value, as `JSON.parse` returns it. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue }

/**
 * One chunk of a streamed body: when it came, in milliseconds after the head, and its bytes. After
 * an upgrade also how many bytes the client had sent by then.
 */
export type RecordedChunk = { readonly afterMs: number; readonly afterSent?: number } & (
  | { readonly text: string }
  | { readonly base64: string }
)

/**
 * A body as it is stored, in the most readable form that gives the same bytes again.
 * `contentEncoding` names the codings (RFC 9110 8.4.1) that were taken off and go on again on replay.
 */
export type RecordedBody = { readonly contentEncoding?: string } & (
  | { readonly text: string }
  | { readonly json: JsonValue }
  | { readonly base64: string }
  | { readonly chunks: readonly RecordedChunk[] }
)

/** A chunk of bytes and when it arrived, in milliseconds after the head. */
export interface TimedBytes {
  readonly afterMs: number
  /** After an upgrade: how many bytes the client had sent by then. */
  readonly afterSent?: number
  readonly bytes: Uint8Array
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
const streamed = /^(text\/event-stream|application\/(x-)?(ndjson|jsonl|json-seq|stream\+json))$/
// In milliseconds. A server that sends the next chunk so much later is streaming.
const streamingPause = 25
// Any control character but tab and line ends.
const controlCharacter = /(?![\t\n\r])\p{Cc}/u
// A cassette bounds the depth it will read, so a deeper value stays text.
const maxJsonDepth = 100

/**
 * Turns the bytes of a message into the form they are stored in.
 *
 * @param chunks the bytes as they came over the wire, transfer coding taken off
 * @param headers of the same message; its content type and content coding decide the form
 * @returns `undefined` for an empty body
 */
export function recordBody(
  chunks: readonly TimedBytes[],
  headers: HeaderList,
): RecordedBody | undefined {
  const wire = concat(chunks)
  if (wire.length === 0) return undefined
  const type = mediaType(headers)
  const contentEncoding = headerValue(headers, 'content-encoding')?.trim().toLowerCase()
  if (contentEncoding === undefined || contentEncoding === 'identity') {
    if (isStream(chunks, type)) return { chunks: chunks.map(recordChunk) }
    return recordBytes(wire, type)
  }
  const decoded = decodeContent(wire, contentEncoding)
  if (decoded === undefined) return { base64: wire.toString('base64') }
  return { ...recordBytes(decoded, type), contentEncoding }
}

/** The bytes of a stored body with no content coding on them. */
export function bodyBytes(body: RecordedBody | undefined): Buffer {
  if (body === undefined) return Buffer.alloc(0)
  if ('chunks' in body) return Buffer.concat(body.chunks.map(chunkBytes))
  if ('json' in body) return Buffer.from(JSON.stringify(body.json))
  return chunkBytes(body)
}

/** The bytes of a stored body as they go over the wire: coded again, chunk by chunk. */
export function wireChunks(body: RecordedBody | undefined): TimedBytes[] {
  if (body === undefined) return []
  if ('chunks' in body) {
    return body.chunks.map((chunk) => ({ ...timeOf(chunk), bytes: chunkBytes(chunk) }))
  }
  return [{ afterMs: 0, bytes: encodeContent(bodyBytes(body), body.contentEncoding) }]
}

/** The stored body as text, where it is text: what redaction, messages and diffs look at. */
export function bodyText(body: RecordedBody | undefined): string | undefined {
  if (body === undefined || 'base64' in body) return undefined
  if ('text' in body) return body.text
  if ('json' in body) return JSON.stringify(body.json)
  return readableText(bodyBytes(body))
}

/**
 * The same body with its text exchanged for another: what redaction does to it. Bytes that are no
 * readable text are handed over as Latin-1, one character each, since they may bear a secret too.
 *
 * @param change puts in nothing but ASCII
 */
export function withBodyText(
  body: RecordedBody,
  type: string,
  change: (text: string) => string,
): RecordedBody {
  if ('chunks' in body) {
    return {
      chunks: body.chunks.map((chunk) =>
        'text' in chunk
          ? { ...chunk, text: change(chunk.text) }
          : { ...chunk, base64: withLatin1(chunk.base64, change) },
      ),
    }
  }
  if ('base64' in body) return { ...body, base64: withLatin1(body.base64, change) }
  const text = 'json' in body ? JSON.stringify(body.json) : body.text
  const changed = change(text)
  if (changed === text) return body
  const { contentEncoding } = body
  return {
    ...recordText(changed, type),
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
  }
}

function withLatin1(base64: string, change: (text: string) => string): string {
  const changed = change(Buffer.from(base64, 'base64').toString('latin1'))
  return Buffer.from(changed, 'latin1').toString('base64')
}

function isStream(chunks: readonly TimedBytes[], type: string): boolean {
  if (chunks[0]?.afterSent !== undefined) return true
  if (streamed.test(type)) return chunks.length > 1
  return chunks.some(
    ({ afterMs }, at) => afterMs - (chunks[at - 1]?.afterMs ?? afterMs) >= streamingPause,
  )
}

function recordChunk(chunk: TimedBytes): RecordedChunk {
  const text = readableText(chunk.bytes)
  return text === undefined
    ? { ...timeOf(chunk), base64: Buffer.from(chunk.bytes).toString('base64') }
    : { ...timeOf(chunk), text }
}

function timeOf({ afterMs, afterSent }: Omit<TimedBytes, 'bytes'>): Omit<TimedBytes, 'bytes'> {
  return { afterMs, ...(afterSent === undefined ? {} : { afterSent }) }
}

function recordBytes(bytes: Buffer, type: string): RecordedBody {
  const text = readableText(bytes)
  return text === undefined ? { base64: bytes.toString('base64') } : recordText(text, type)
}

function recordText(text: string, type: string): RecordedBody {
  const json = isJson(type) ? sameBytesJson(text) : undefined
  return json === undefined ? { text } : { json }
}

/** The value of a JSON text, only where printing it again gives the very same text. */
function sameBytesJson(text: string): JsonValue | undefined {
  // A lone surrogate survives as an escape in JSON, but not as a character in a YAML file.
  if (/\\ud[89a-f]/i.test(text)) return undefined
  try {
    const value: JsonValue = JSON.parse(text)
    return JSON.stringify(value) === text && isShallow(value, maxJsonDepth) ? value : undefined
  } catch {
    return undefined
  }
}

function isShallow(value: JsonValue, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((child) => isShallow(child, depth - 1))
}

/** UTF-8 that a person can read: no control character but tab and line ends. */
function readableText(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined
  const text = utf8.decode(bytes)
  return controlCharacter.test(text) ? undefined : text
}

function chunkBytes(chunk: { readonly text: string } | { readonly base64: string }): Buffer {
  return 'text' in chunk ? Buffer.from(chunk.text) : Buffer.from(chunk.base64, 'base64')
}

function concat(chunks: readonly TimedBytes[]): Buffer {
  return Buffer.concat(chunks.map(({ bytes }) => bytes))
}
