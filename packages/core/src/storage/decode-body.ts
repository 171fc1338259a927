import type { JsonValue, RecordedBody, RecordedChunk } from '../model/body.ts'
import { isKnownCoding } from '../model/content-coding.ts'
import type { Field, TextRule } from './field.ts'

const forms = ['text', 'json', 'base64', 'chunks'] as const
const chunkForms = ['text', 'base64'] as const
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
  if (coding !== undefined && form === 'chunks') coding.fail('cannot stand beside `chunks`')
  if (form === 'chunks') return { chunks: content.items().map(decodeChunk) }
  const codings = contentEncoding === undefined ? {} : { contentEncoding }
  if (form === 'text') return { ...codings, text: content.string() }
  if (form === 'json') return { ...codings, json: decodeJson(content) }
  return { ...codings, base64: decodeBase64(content) }
}

function decodeChunk(field: Field): RecordedChunk {
  field.object(['afterMs', 'afterSent', ...chunkForms])
  const afterSent = field.optional('afterSent')?.integer(0, Infinity)
  const time = field.required('afterMs')
  const afterMs = time.value
  if (typeof afterMs !== 'number' || !Number.isFinite(afterMs) || afterMs < 0) {
    return time.fail('must be a number of milliseconds')
  }
  const times = { afterMs, ...(afterSent === undefined ? {} : { afterSent }) }
  return onlyForm(field, chunkForms) === 'text'
    ? { ...times, text: field.required('text').string() }
    : { ...times, base64: decodeBase64(field.required('base64')) }
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

function decodeJson(field: Field): JsonValue {
  const { value } = field
  return isJson(value, maxJsonDepth)
    ? value
    : field.fail(`must be a JSON value, nested less than ${maxJsonDepth} deep`)
}

// YAML has numbers that JSON has not, such as `.inf`.
function isJson(value: unknown, depth: number): value is JsonValue {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return value !== undefined
  if (depth === 0) return false
  return Object.values(value).every((child) => isJson(child, depth - 1))
}
