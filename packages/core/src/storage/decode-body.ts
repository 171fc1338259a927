import type { RecordedBody, RecordedChunk } from '../model/body.ts'
import { isKnownCoding } from '../model/content-coding.ts'
import { jsonBody } from '../model/json-body.ts'
import { bytesOf, type ReadableBytes } from '../model/readable-bytes.ts'
import type { RecordedFrame } from '../model/recorded-frame.ts'
import type { Field, TextRule } from './field.ts'

const forms = ['text', 'json', 'base64', 'chunks', 'frames'] as const
const chunkForms = ['text', 'base64'] as const
const frameTypes = ['text', 'binary', 'ping', 'pong', 'close', 'end'] as const
type FrameType = (typeof frameTypes)[number]
// Deeper than anything that is recorded as JSON, and far from what overflows a stack.
const maxJsonDepth = 128

const base64: TextRule = { pattern: /^[A-Za-z0-9+/]*={0,2}$/, expected: 'base64' }

/** Reads a stored body. */
export function decodeBody(field: Field): RecordedBody {
  field.object([...forms, 'contentEncoding'])
  const form = onlyForm(field, forms)
  const content = field.required(form)
  const coding = field.optional('contentEncoding')
  const contentEncoding = coding?.string()
  if (contentEncoding !== undefined && !isKnownCoding(contentEncoding)) {
    coding!.fail('must name content codings that are known: gzip, deflate, br, zstd')
  }
  if (coding !== undefined && (form === 'chunks' || form === 'frames')) {
    coding.fail(`cannot stand beside \`${form}\``)
  }
  if (form === 'chunks') return { chunks: content.items(decodeChunk) }
  if (form === 'frames') return { frames: content.items(decodeFrame) }
  const codings = contentEncoding === undefined ? {} : { contentEncoding }
  if (form === 'text') return { ...codings, text: content.string() }
  if (form === 'json') return jsonBody(decodeJson(content), contentEncoding)
  return { ...codings, base64: decodeBase64(content) }
}

function decodeChunk(field: Field): RecordedChunk {
  field.object(['afterMs', 'afterSent', ...chunkForms])
  const afterSent = field.optional('afterSent')?.integer(0, Infinity)
  return {
    afterMs: decodeMilliseconds(field.required('afterMs')),
    ...(afterSent === undefined ? {} : { afterSent }),
    ...decodeBytes(field),
  }
}

function decodeFrame(field: Field): RecordedFrame {
  const type = decodeFrameType(field.optional('type'))
  const content = type === 'end' ? [] : type === 'close' ? ['code', ...chunkForms] : chunkForms
  field.object(['afterMs', 'afterSent', 'type', ...content])
  const times = {
    afterMs: decodeMilliseconds(field.required('afterMs')),
    afterSent: field.required('afterSent').integer(0, Infinity),
  }
  if (type === 'end') return { ...times, type }
  const bytes = decodeBytes(field)
  const { length } = bytesOf(bytes)
  if (type === undefined) return { ...times, ...bytes }
  if (type === 'text' || type === 'binary') return { ...times, type, ...bytes }
  const code = field.optional('code')?.integer(0, 0xff_ff)
  if (length > (type === 'close' ? 123 : 125)) field.fail(`is too long for a ${type}`)
  if (type !== 'close') return { ...times, type, ...bytes }
  if (code === undefined && length > 0) field.fail('must have a code, as it has a reason')
  return { ...times, type, ...(code === undefined ? {} : { code }), ...bytes }
}

function decodeFrameType(field: Field | undefined): FrameType | undefined {
  const type = frameTypes.find((known) => known === field?.value)
  return type ?? field?.fail(`must be one of ${frameTypes.join(', ')}`)
}

function decodeMilliseconds(field: Field): number {
  const { value } = field
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value
  return field.fail('must be a number of milliseconds')
}

function decodeBytes(field: Field): ReadableBytes {
  return onlyForm(field, chunkForms) === 'text'
    ? { text: field.required('text').string() }
    : { base64: decodeBase64(field.required('base64')) }
}

function onlyForm<Form extends string>(field: Field, allowed: readonly Form[]): Form {
  const present = allowed.filter((form) => field.optional(form) !== undefined)
  return present.length === 1
    ? present[0]!
    : field.fail(`must have exactly one of ${allowed.join(', ')}`)
}

function decodeBase64(field: Field): string {
  const text = field.string(base64)
  return text.length % 4 === 0 ? text : field.fail(`must be ${base64.expected}`)
}

/** @returns its text */
function decodeJson(field: Field): string {
  const { value } = field
  return isJson(value, maxJsonDepth)
    ? JSON.stringify(value)
    : field.fail(`must be a JSON value, nested less than ${maxJsonDepth} deep`)
}

// YAML has numbers that JSON has not, such as `.inf`.
function isJson(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return value !== undefined
  if (depth === 0) return false
  // Without a list of its values, which took twice the time.
  if (Array.isArray(value)) return value.every((item) => isJson(item, depth - 1))
  for (const key in value) if (!isJson(Reflect.get(value, key), depth - 1)) return false
  return true
}
