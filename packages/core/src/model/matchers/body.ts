import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { bodyBytes } from '../body.ts'
import { headerValue, isJson, mediaType } from '../header-list.ts'
import type { RecordedRequest } from '../interaction.ts'
import type { Matcher } from '../matcher.ts'
import { canonicalJson } from './canonical-json.ts'
import { parseMultipart } from './multipart.ts'
import { sortedPairs } from './sorted-pairs.ts'

/**
 * Compares bodies by what they mean: JSON by value, forms by their pairs, multipart by its parts,
 * all else by bytes. A body that is not what its type says is compared by bytes.
 */
export const bodyMatcher: Matcher = {
  name: 'body',
  key(request) {
    const bytes = bodyBytes(request.body)
    return bytes.length === 0 ? '' : (meaning(bytes, request) ?? `bytes:${digest(bytes)}`)
  },
}

function meaning(bytes: Buffer, { headers }: RecordedRequest): string | undefined {
  const type = mediaType(headers)
  const text = isUtf8(bytes) ? bytes.toString() : undefined
  if (isJson(type)) return tagged('json', text && canonicalJson(text))
  if (type === 'application/x-www-form-urlencoded') return tagged('form', text && sortedPairs(text))
  if (type !== 'multipart/form-data') return undefined
  const parts = parseMultipart(bytes, headerValue(headers, 'content-type') ?? '')
  const keys = parts?.map(({ name, filename, type: partType, body }) => [
    name,
    filename,
    partType,
    digest(body),
  ])
  return tagged('multipart', keys && JSON.stringify(keys))
}

function tagged(tag: string, key: string | undefined): string | undefined {
  return key === undefined ? undefined : `${tag}:${key}`
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
