import { withBodyText, type RecordedBody } from '../body.ts'
import { mediaType, type HeaderList } from '../header-list.ts'
import { withCutEdits, type CutText, type Edit } from '../edit-text.ts'
import { findInJson } from './secret-json.ts'
import { findInPairs } from './secret-pairs.ts'
import { findBarePairs, findInMarkup, findInParts, findQuotedPairs } from './secret-text.ts'
import type { Secrets } from './secrets.ts'

/** Looks for secrets in a text, and says what to put in their place. */
export type Find = (text: string) => Edit[]

/** The text after several searches, each in what the one before left. */
export function afterSearches(cut: CutText, searches: readonly Find[]): CutText {
  return searches.reduce((found, search) => withCutEdits(found, search(found.text)), cut)
}

/**
 * A message's body with its secrets hidden.
 *
 * @param inText what is looked for in every text
 * @param inBytes what is looked for in every body
 */
export function redactBody(
  { headers, body }: { readonly headers: HeaderList; readonly body?: RecordedBody },
  secrets: Secrets,
  inText: readonly Find[],
  inBytes: readonly Find[],
): { body?: RecordedBody } {
  if (body === undefined) return {}
  const type = mediaType(headers)
  // A picture is not searched for JSON; a text with a stray byte in it is.
  const isText = !('base64' in body) || /^$|json|text|xml|form|yaml|graphql|script/.test(type)
  const searches = isText ? [...searchesFor(type, secrets), ...inText, ...inBytes] : inBytes
  return { body: withBodyText(body, type, (cut) => afterSearches(cut, searches)) }
}

// JSON is looked for in every text: many send it as `text/plain`, as `fetch` does with a string.
function searchesFor(type: string, secrets: Secrets): readonly Find[] {
  const inJson: Find = (text) => findInJson(text, secrets)
  const quoted: Find = (text) => findQuotedPairs(text, secrets)
  if (type === 'application/x-www-form-urlencoded') {
    return [(text) => findInPairs(text, 'field', secrets)]
  }
  if (type === 'multipart/form-data') return [(text) => findInParts(text, secrets), inJson]
  const markup: Find = (text) =>
    /xml|html/.test(type) || /^\s*</.test(text) ? findInMarkup(text, secrets) : []
  const bare: Find = (text) =>
    prose.test(type) && !/^\s*[[{<]/.test(text) ? findBarePairs(text, secrets) : []
  return [inJson, quoted, markup, bare]
}

// Where `token=x` is no code, which another value would break.
const prose = /^$|^text\/(?!html|css|xml|event-stream|javascript|ecmascript)|yaml|toml/
