import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { bodyBytes } from '../body.ts'
import { OptionError } from '../errors/option-error.ts'
import { headerValue, isJson, mediaType } from '../header-list.ts'
import type { RecordedRequest } from '../interaction.ts'
import type { Matcher } from '../matcher.ts'
import { canonicalJson } from './canonical-json.ts'
import { parseMultipart } from './multipart.ts'
import { compare, sortedPairs } from './sorted-pairs.ts'

/**
 * Compares bodies by what they mean: JSON by value, forms by their pairs, multipart by its parts
 * whatever the boundary, all else by bytes. A body that is not what its type says is compared by bytes.
 */
export const bodyMatcher: Matcher = {
  name: 'body',
  key(request) {
    const bytes = bodyBytes(request.body)
    return bytes.length === 0 ? '' : (meaning(bytes, request) ?? bytesKey(bytes))
  },
}

/**
 * The matcher `body` with every body compared byte by byte: for a server that tells apart what
 * means the same. A compressed body is compared by what is in it.
 *
 * @throws OptionError for anything but `'bytes'`
 * @example
 * matchOn: ['method', 'url', 'headers', body('bytes')]
 */
export function body(by: 'bytes'): Matcher {
  const given: unknown = by
  if (given !== 'bytes') throw new OptionError('body()', given, "body('bytes')")
  return {
    name: bodyMatcher.name,
    config: [by],
    key(request) {
      const bytes = bodyBytes(request.body)
      return bytes.length === 0 ? '' : bytesKey(bytes)
    },
  }
}

/** The body as text, where its bytes are UTF-8. */
export function utf8Body(request: RecordedRequest): string | undefined {
  const bytes = bodyBytes(request.body)
  return isUtf8(bytes) ? bytes.toString() : undefined
}

function meaning(bytes: Buffer, { headers }: RecordedRequest): string | undefined {
  const type = mediaType(headers)
  const text = isUtf8(bytes) ? bytes.toString() : undefined
  if (isJson(type)) return tagged('json', text && canonicalJson(text))
  if (type === 'application/x-www-form-urlencoded') return tagged('form', text && sortedPairs(text))
  const contentType = headerValue(headers, 'content-type') ?? ''
  if (type === 'multipart/form-data') return tagged('multipart', formKey(bytes, contentType))
  if (type.startsWith('multipart/')) return tagged('parts', partsKey(bytes, contentType))
  return undefined
}

function formKey(bytes: Buffer, contentType: string): string | undefined {
  // Fields are told by their names; those of one name, such as files, have an order (RFC 7578 5.2).
  const keys = parseMultipart(bytes, contentType)
    ?.toSorted((one, other) => compare(one.name, other.name))
    .map(({ name, filename, type, body: content }) => [name, filename, type, digest(content)])
  return keys && JSON.stringify(keys)
}

/** Uploads and batches: the parts have no names but an order, and may have parts themselves. */
function partsKey(bytes: Buffer, contentType: string): string | undefined {
  const keys = parseMultipart(bytes, contentType)?.map(({ head, type, body: content }) => {
    const inner = type?.startsWith('multipart/') ? partsKey(content, type) : undefined
    return inner === undefined ? [head, digest(content)] : [head.replace(boundary, ''), inner]
  })
  return keys && JSON.stringify(keys)
}

const boundary = /;\s*boundary=(?:"[^"]*"|[^;\s]+)/i

function tagged(tag: string, key: string | undefined): string | undefined {
  return key === undefined ? undefined : `${tag}:${key}`
}

function bytesKey(bytes: Buffer): string {
  return `bytes:${digest(bytes)}`
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
