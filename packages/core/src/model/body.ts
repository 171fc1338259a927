import { decodeContent, encodeContent } from './content-coding.ts'
import { headerValue, isJson, mediaType, type HeaderList } from './header-list.ts'
import { piecesOf, type CutText } from './edit-text.ts'
import { jsonBody, jsonBytes, jsonText } from './json-body.ts'
import { maskedInPlace } from './masked-in-place.ts'
import { bytesOf, readableBytes, readableText, type ReadableBytes } from './readable-bytes.ts'
import { frameBytes, framePayload, recordFrames, type RecordedFrame } from './recorded-frame.ts'
import { bytePieces } from './byte-pieces.ts'
import { latin1, utf8, type TextCoding } from './text-coding.ts'
import type { TimedBytes, TimeOfBytes } from './timed-bytes.ts'
import { isWebSocket } from './websocket-frame.ts'

/** A JSON value, as `JSON.parse` returns it. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue }

/** One chunk of a streamed body: when it came, and its bytes. */
export type RecordedChunk = TimeOfBytes & ReadableBytes

/**
 * A body as it is stored, in the most readable form that gives the same bytes again.
 * `contentEncoding` names the codings (RFC 9110 8.4.1) that were taken off and go on again on replay.
 */
export type RecordedBody = { readonly contentEncoding?: string } & (
  | { readonly text: string }
  | { readonly json: JsonValue }
  | { readonly base64: string }
  | { readonly chunks: readonly RecordedChunk[] }
  | { readonly frames: readonly RecordedFrame[] }
)

const streamed = /^(text\/event-stream|application\/(x-)?(ndjson|jsonl|json-seq|stream\+json))$/
// In milliseconds. A server that sends the next chunk so much later is streaming.
const streamingPause = 25
// A cassette bounds the depth it will read, so a deeper value stays text.
const maxJsonDepth = 100
// In characters; it bounds the number of values too, and no person reads on.
const maxJsonLength = 2_000_000

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
  if (chunks[0]?.afterSent !== undefined) return recordProtocol(chunks, headers)
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
  return recordBytes(decoded, type, contentEncoding)
}

/** The bytes of a stored body with no content coding on them. */
export function bodyBytes(body: RecordedBody | undefined): Buffer {
  if (body === undefined) return Buffer.alloc(0)
  if ('chunks' in body) return Buffer.concat(body.chunks.map(bytesOf))
  if ('frames' in body) return Buffer.concat(body.frames.map(framePayload))
  if ('json' in body) return jsonBytes(body)
  return bytesOf(body)
}

/**
 * The bytes of a stored body as they go over the wire: coded again, chunk by chunk. What only has to
 * be decoded is so when it is read, piece by piece: a large body is never there a second time.
 */
export function wireChunks(body: RecordedBody | undefined): TimedBytes[] {
  if (body === undefined) return []
  if ('chunks' in body) {
    return body.chunks.map((chunk) => ({ ...timeOf(chunk), bytes: bytesOf(chunk) }))
  }
  if ('frames' in body) {
    return body.frames.map((frame) => ({ ...timeOf(frame), bytes: frameBytes(frame) }))
  }
  if (!('json' in body) && body.contentEncoding === undefined) return bytePieces(body)
  return [{ afterMs: 0, bytes: alone(encodeContent(bodyBytes(body), body.contentEncoding)) }]
}

/** The stored body as text, where it is text: what redaction, messages and diffs look at. */
export function bodyText(body: RecordedBody | undefined): string | undefined {
  if (body === undefined || 'base64' in body) return undefined
  if ('text' in body) return body.text
  if ('json' in body) return jsonText(body)
  if ('frames' in body) return frameTexts(body.frames)
  return readableText(bodyBytes(body))
}

/** How large a body is, about: to compare sizes without decoding or coding any bytes. */
export function bodySize(body: RecordedBody | undefined): number {
  if (body === undefined) return 0
  if ('json' in body) return jsonBytes(body).length
  if ('frames' in body) return (frameTexts(body.frames) ?? '').length
  const chunks = 'chunks' in body ? body.chunks : [body]
  return chunks.reduce((sum, one) => sum + ('text' in one ? one.text : one.base64).length, 0)
}

/**
 * The same body with its text exchanged for another: what redaction does to it. The chunks of a
 * stream are handed over as one text, cut where they end. Bytes that are no readable text are handed
 * over too, since they may bear a secret.
 *
 * @param change puts in nothing but ASCII
 * @param coding of bytes that are no readable text
 */
export function withBodyText(
  body: RecordedBody,
  type: string,
  change: (cut: CutText) => CutText,
  coding: TextCoding = latin1,
): RecordedBody {
  const whole = (text: string): string => change({ text, cuts: [] }).text
  if ('chunks' in body) {
    const hasReplies = body.chunks.some((chunk) => chunk.afterSent !== undefined)
    // Where a client's bytes are counted, each chunk keeps its own.
    const chunks = hasReplies
      ? body.chunks.map((chunk) =>
          chunk.afterSent === undefined ? withText(chunk, whole) : maskedInPlace(chunk, whole),
        )
      : withChunkText(body.chunks, change, coding)
    return chunks === body.chunks ? body : { chunks }
  }
  if ('frames' in body) return { frames: body.frames.map((frame) => withFrameText(frame, whole)) }
  if ('base64' in body) return withText(body, whole, coding)
  const text = 'json' in body ? jsonText(body) : body.text
  const changed = whole(text)
  if (changed === text) return body
  return recordText(changed, type, body.contentEncoding)
}

function withChunkText(
  chunks: readonly RecordedChunk[],
  change: (cut: CutText) => CutText,
  ofBytes: TextCoding,
): readonly RecordedChunk[] {
  const coding = chunks.every((chunk) => 'text' in chunk) ? utf8 : ofBytes
  const texts = chunks.map((chunk) => coding.decode(bytesOf(chunk)))
  let length = 0
  const cuts = texts.map((text) => (length += text.length))
  const text = texts.join('')
  const changed = change({ text, cuts })
  if (changed.text === text) return chunks
  const pieces = piecesOf(changed)
  return (
    chunks
      .map(({ afterMs }, at) => recordChunk({ afterMs, bytes: coding.encode(pieces[at]!) }))
      // All of it was a part of a secret that began in the chunk before.
      .filter((chunk) => !('text' in chunk) || chunk.text !== '')
  )
}

function withText<Stored extends ReadableBytes>(
  stored: Stored,
  change: (text: string) => string,
  coding: TextCoding = latin1,
): Stored {
  if ('text' in stored) {
    const text = change(stored.text)
    return text === stored.text ? stored : { ...stored, text }
  }
  const text = coding.decode(Buffer.from(stored.base64, 'base64'))
  const changed = change(text)
  if (changed === text) return stored
  return { ...stored, base64: coding.encode(changed).toString('base64') }
}

// A ping, a pong and a close have a bound on their length.
function withFrameText(frame: RecordedFrame, change: (text: string) => string): RecordedFrame {
  if (frame.type === 'end') return frame
  const isMessage = frame.type === undefined || frame.type === 'text' || frame.type === 'binary'
  return isMessage ? withText(frame, change) : maskedInPlace(frame, change)
}

/** What a server said in a protocol that the connection went over to. */
function recordProtocol(chunks: readonly TimedBytes[], headers: HeaderList): RecordedBody {
  const frames = isWebSocket(headers) ? recordFrames(chunks, headers) : undefined
  return frames === undefined ? { chunks: chunks.map(recordChunk) } : { frames }
}

function frameTexts(frames: readonly RecordedFrame[]): string | undefined {
  const texts = frames.flatMap((frame) => ('text' in frame ? [frame.text] : []))
  return texts.length === 0 ? undefined : texts.join('\n')
}

function isStream(chunks: readonly TimedBytes[], type: string): boolean {
  if (streamed.test(type)) return chunks.length > 1
  return chunks.some(
    ({ afterMs }, at) => afterMs - (chunks[at - 1]?.afterMs ?? afterMs) >= streamingPause,
  )
}

function recordChunk(chunk: TimedBytes): RecordedChunk {
  return { ...timeOf(chunk), ...readableBytes(chunk.bytes) }
}

function timeOf({ afterMs, afterSent }: TimeOfBytes): TimeOfBytes {
  return { afterMs, ...(afterSent === undefined ? {} : { afterSent }) }
}

function recordBytes(bytes: Buffer, type: string, contentEncoding?: string): RecordedBody {
  const text = readableText(bytes)
  if (text !== undefined) return recordText(text, type, contentEncoding)
  return { base64: bytes.toString('base64'), ...codingOf(contentEncoding) }
}

function recordText(text: string, type: string, contentEncoding?: string): RecordedBody {
  return isJson(type) && isSameAsJson(text)
    ? jsonBody(text, contentEncoding)
    : { text, ...codingOf(contentEncoding) }
}

function codingOf(contentEncoding: string | undefined): { contentEncoding?: string } {
  return contentEncoding === undefined ? {} : { contentEncoding }
}

/** Whether a text is JSON that gives the very same text when it is printed again. */
function isSameAsJson(text: string): boolean {
  // A lone surrogate survives as an escape in JSON, but not as a character in a YAML file.
  if (/\\ud[89a-f]/i.test(text) || text.length > maxJsonLength) return false
  try {
    const value: JsonValue = JSON.parse(text)
    return JSON.stringify(value) === text && isShallow(value, maxJsonDepth)
  } catch {
    return false
  }
}

function isShallow(value: JsonValue, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depth === 0) return false
  const children: readonly JsonValue[] = Array.isArray(value) ? value : Object.values(value)
  for (const child of children) {
    // A call for each number and string would take longer than all the rest.
    if (typeof child === 'object' && !isShallow(child, depth - 1)) return false
  }
  return true
}

/** The same bytes in memory of their own: a small part of a shared block would keep all of that. */
function alone(bytes: Buffer): Buffer {
  if (bytes.length === bytes.buffer.byteLength) return bytes
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  bytes.copy(copy)
  return copy
}

/** Not to be changed: one chunk is not copied. */
function concat(chunks: readonly TimedBytes[]): Buffer {
  const [first] = chunks
  if (first === undefined || chunks.length > 1) {
    return Buffer.concat(chunks.map(({ bytes }) => bytes))
  }
  const { buffer, byteOffset, byteLength } = first.bytes
  return Buffer.from(buffer, byteOffset, byteLength)
}
