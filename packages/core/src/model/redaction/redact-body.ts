import { bodyBytes, recordBody, withBodyText, type RecordedBody } from '../body.ts'
import { decodeStart } from '../content-coding.ts'
import { headerValue, mediaType, type HeaderList } from '../header-list.ts'
import { bytesOf } from '../readable-bytes.ts'
import { utf16Of, type TextCoding } from '../text-coding.ts'
import { withCutEdits, type CutText, type Edit } from '../edit-text.ts'
import { findInJson } from './secret-json.ts'
import { findInPairs } from './secret-pairs.ts'
import {
  findBarePairs,
  findInLines,
  findInMarkup,
  findInParts,
  findQuotedPairs,
} from './secret-text.ts'
import type { Secrets } from './secrets.ts'

/** Looks for secrets in a text, and says what to put in their place. */
export type Find = (text: string) => Edit[]

/** The text after several searches, each in what the one before left. */
export function afterSearches(cut: CutText, searches: readonly Find[]): CutText {
  return searches.reduce((found, search) => withCutEdits(found, search(found.text)), cut)
}

interface Message {
  readonly headers: HeaderList
  readonly body?: RecordedBody
}

/**
 * A message's body with its secrets hidden.
 *
 * @param inText what is looked for in every text
 * @param inBytes what is looked for in every body
 */
export function redactBody(
  { headers, body }: Message,
  secrets: Secrets,
  inText: readonly Find[],
  inBytes: readonly Find[],
): { body?: RecordedBody } {
  if (body === undefined) return {}
  const redact = (one: RecordedBody): RecordedBody => {
    const type = mediaType(headers)
    // A picture is not searched for JSON; a text with a stray byte in it is.
    const isText =
      !('base64' in one) || /^$|json|text|xml|form|multipart|yaml|graphql|script/.test(type)
    const searches = isText ? [...searchesFor(type, secrets), ...inText, ...inBytes] : inBytes
    const change = (cut: CutText): CutText => afterSearches(cut, searches)
    return withBodyText(one, type, change, isText ? unreadableCoding(one, headers) : undefined)
  }
  const broken = brokenBody(body, headers)
  const readable = broken && redact(broken)
  // With a secret in it, what there is of it is kept, and coded anew; else it stays broken.
  return { body: readable === broken || readable === undefined ? redact(body) : readable }
}

function unreadableCoding(body: RecordedBody, headers: HeaderList): TextCoding | undefined {
  if (!('base64' in body) && !('chunks' in body)) return undefined
  const [, charset] = /charset="?([\w-]+)/i.exec(headerValue(headers, 'content-type') ?? '') ?? []
  const coding = utf16Of(bodyBytes(body), charset?.toLowerCase())
  const pieces = 'chunks' in body ? body.chunks : [body]
  return pieces.every((piece) => bytesOf(piece).length % 2 === 0) ? coding : undefined
}

/** What can be read of a body that is kept as its wire bytes, because its coding is broken. */
function brokenBody(body: RecordedBody, headers: HeaderList): RecordedBody | undefined {
  const contentEncoding = headerValue(headers, 'content-encoding')?.trim().toLowerCase()
  if (!('base64' in body) || contentEncoding === undefined || contentEncoding === 'identity') {
    return undefined
  }
  if (body.contentEncoding !== undefined) return undefined
  const bytes = decodeStart(bytesOf(body), contentEncoding)
  if (bytes === undefined) return undefined
  const plain = headers.filter(([name]) => name.toLowerCase() !== 'content-encoding')
  const read = recordBody([{ afterMs: 0, bytes }], plain)
  return read && { ...read, contentEncoding }
}

// JSON is looked for in every text: many send it as `text/plain`, as `fetch` does with a string.
function searchesFor(type: string, secrets: Secrets): readonly Find[] {
  const inJson: Find = (text) => findInJson(text, secrets)
  const quoted: Find = (text) => findQuotedPairs(text, secrets)
  if (type === 'application/x-www-form-urlencoded') {
    return [(text) => findInPairs(text, 'field', secrets)]
  }
  if (type === 'multipart/form-data') {
    return [(text) => findInParts(text, secrets), inJson, quoted, (text) => inProse(text, secrets)]
  }
  const markup: Find = (text) =>
    /xml|html/.test(type) || /^\s*</.test(text) ? findInMarkup(text, secrets) : []
  const bare: Find = (text) => {
    if (!prose.test(type) || structure.test(text)) return []
    // `fetch` sends a form that is a string as text.
    return isForm(text)
      ? findInPairs(text, 'field', secrets)
      : inProse(text, secrets, type.includes('yaml'))
  }
  return [inJson, quoted, markup, bare]
}

/** Whether a text is pairs and nothing else. */
function isForm(text: string): boolean {
  return formStart.test(text) && !noForm.test(text)
}

function inProse(text: string, secrets: Secrets, isYaml = false): Edit[] {
  return [...findBarePairs(text, secrets), ...findInLines(text, secrets, isYaml)]
}

// JSON and markup; a section of an INI file, as AWS has its credentials in, begins with a bracket too.
const structure = /^\s*(?:[{<]|\[(?![\w. -]+\][ \t]*[\r\n]))/
const formStart = /^[\w.~%+*[\]-]{1,1000}=/
const noForm = /\s|&(?![\w.~%+*[\]-]{1,1000}=)/
// Where `token=x` is no code, which another value would break.
const prose =
  /^$|^text\/(?!html|css|xml|event-stream|javascript|ecmascript)|yaml|toml|^multipart\/|^message\//
