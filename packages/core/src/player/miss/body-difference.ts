import { createHash } from 'node:crypto'
import { bodyBytes, bodyText, type JsonValue } from '../../model/body.ts'
import { headerValue, mediaType } from '../../model/header-list.ts'
import type { RecordedRequest } from '../../model/interaction.ts'
import type { Matcher } from '../../model/matcher.ts'
import { multipartBoundary, parseMultipart } from '../../model/matchers/multipart.ts'
import { sortedPairs } from '../../model/matchers/sorted-pairs.ts'
import { pairDifference, pairsOf, type Pair } from './pair-difference.ts'
import { textDifference } from './text-difference.ts'
import { withoutIgnored } from './what-is-ignored.ts'

// More do not fit into a message.
const mostLines = 100

/** In what two bodies differ: pair by pair for forms, a diff for JSON and text, sizes for bytes. */
export function bodyDifference(
  stored: RecordedRequest,
  actual: RecordedRequest,
  matcher: Matcher,
): readonly string[] {
  if (isSameBytes(stored, actual)) return ['(the same bytes, of another type)']
  const [had, has] = [formPairs(stored), formPairs(actual)]
  if (had !== undefined && has !== undefined) return pairDifference(had, has)
  const [ours, theirs] = [comparedText(stored), comparedText(actual)]
  if (stored.body !== undefined && actual.body !== undefined) {
    if (ours === undefined || theirs === undefined) return bytesDifference(stored, actual)
    const [printed, printedToo] = [ours, theirs].map((text) => printedJson(text, matcher))
    if (printed !== undefined && printedToo !== undefined && printed !== printedToo) {
      return textDifference(printed, printedToo)
    }
    return textDifference(ours, theirs)
  }
  return [...sideLines('-', stored, ours, matcher), ...sideLines('+', actual, theirs, matcher)]
}

/** Bodies are compared as what their type says they are: JSON is not what has no type. */
function isSameBytes(stored: RecordedRequest, actual: RecordedRequest): boolean {
  if (mediaType(stored.headers) === mediaType(actual.headers)) return false
  return Buffer.compare(bodyBytes(stored.body), bodyBytes(actual.body)) === 0
}

/** The body as text; where a boundary was made anew for it, the same word stands for that. */
function comparedText({ headers, body }: RecordedRequest): string | undefined {
  const boundary = multipartBoundary(headerValue(headers, 'content-type') ?? '')
  const text = bodyText(body)
  return boundary === undefined ? text : text?.replaceAll(`--${boundary}`, '--boundary')
}

function sideLines(
  sign: string,
  { body }: RecordedRequest,
  text: string | undefined,
  matcher: Matcher,
): readonly string[] {
  if (body === undefined) return [`${sign} (no body)`]
  if (text === undefined) return [`${sign} (${bodyBytes(body).length} bytes)`]
  return (printedJson(text, matcher) ?? text)
    .split('\n', mostLines)
    .map((line) => `${sign} ${line}`)
}

function bytesDifference(stored: RecordedRequest, actual: RecordedRequest): readonly string[] {
  const [ours, theirs] = [bodyBytes(stored.body), bodyBytes(actual.body)]
  let at = 0
  while (at < ours.length && ours[at] === theirs[at]) at += 1
  return [
    `- ${ours.length} bytes`,
    `+ ${theirs.length} bytes`,
    `(the first difference is at byte ${at})`,
  ]
}

/** JSON a value a line, its keys in order, so that a diff shows what matters and no more. */
function printedJson(text: string, matcher: Matcher): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    const value: JsonValue = JSON.parse(text)
    return JSON.stringify(inOrder(withoutIgnored(value, matcher)), null, 2)
  } catch {
    return undefined
  }
}

function inOrder(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: JsonValue) => inOrder(item))
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([key, child]) => [key, inOrder(child)]))
}

function formPairs({ headers, body }: RecordedRequest): readonly Pair[] | undefined {
  const type = mediaType(headers)
  if (type === 'application/x-www-form-urlencoded')
    return pairsOf(sortedPairs(bodyText(body) ?? ''))
  if (type !== 'multipart/form-data') return undefined
  const parts = parseMultipart(bodyBytes(body), headerValue(headers, 'content-type') ?? '')
  return parts?.map(({ name, filename, type: partType, body: bytes }) => {
    if (filename === null) return [name, bytes.toString()]
    const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 8)
    return [name, `${filename} (${partType ?? 'no type'}, ${bytes.length} bytes, ${digest})`]
  })
}
