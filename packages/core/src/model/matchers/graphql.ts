import { mediaType } from '../header-list.ts'
import type { RecordedRequest } from '../interaction.ts'
import type { Matcher } from '../matcher.ts'
import { requestUrl } from '../request-url.ts'
import { bodyMatcher, utf8Body } from './body.ts'
import { canonicalJson, canonicalText, type ExactJson, parseExact } from './canonical-json.ts'
import { normalisedDocument } from './graphql-document.ts'
import { jsonText } from './json-body.ts'
import { queryMatcher } from './query.ts'
import { decodedPairs, type Pair, pairsKey } from './sorted-pairs.ts'

/**
 * The matchers `query` and `body` for GraphQL over HTTP: the operation's name, the document without
 * its white space, commas and comments, the variables and all else by value. Holds for GET, for
 * POST and for batches, whose order counts. A request that is not GraphQL is compared as `query`
 * and `body` do.
 *
 * @example
 * matchOn: ['method', 'url', 'headers', graphql()]
 */
export function graphql(): readonly Matcher[] {
  return [
    {
      name: queryMatcher.name,
      config: 'graphql',
      key: (request) => operationInQuery(request) ?? queryMatcher.key(request),
    },
    {
      name: bodyMatcher.name,
      config: 'graphql',
      key: (request) => operationInBody(request) ?? bodyMatcher.key(request),
    },
  ]
}

function operationInBody(request: RecordedRequest): string | undefined {
  if (mediaType(request.headers) === 'application/graphql') {
    const document = normalisedDocument(utf8Body(request) ?? '')
    return document === undefined ? undefined : `graphql:${document}`
  }
  const text = jsonText(request)
  if (text === undefined) return undefined
  try {
    const value = parseExact(text)
    const batch = Array.isArray(value) ? value : [value]
    const operations = batch.map((one) => operation(one))
    if (operations.length === 0 || !operations.every((one) => one !== undefined)) return undefined
    return `graphql:${canonicalText(Array.isArray(value) ? operations : operations[0]!)}`
  } catch {
    return undefined
  }
}

/** What a JSON value counts as; `undefined` where it is no operation. */
function operation(value: ExactJson): ExactJson | undefined {
  if (typeof value !== 'object' || value === null || !('query' in value)) return undefined
  const document =
    typeof value['query'] === 'string' ? normalisedDocument(value['query']) : undefined
  if (document === undefined) return undefined
  const entries = Object.entries({ ...value, query: document })
  return Object.fromEntries(entries.filter(([name, member]) => !saysNothing(name, member)))
}

// Absent, `null` and empty mean the same to a server.
function saysNothing(name: string, member: ExactJson): boolean {
  if (name === 'operationName') return member === null || member === ''
  if (name !== 'variables' && name !== 'extensions') return false
  return member === null || (typeof member === 'object' && Object.keys(member).length === 0)
}

function operationInQuery(request: RecordedRequest): string | undefined {
  const pairs = decodedPairs(requestUrl(request).search.slice(1))
  const isOperation = pairs.some(
    ([name, value = '']) =>
      (name === 'query' && normalisedDocument(value) !== undefined) ||
      // A persisted query is sent by its hash alone.
      (name === 'extensions' && value.includes('"persistedQuery"')),
  )
  return isOperation ? `graphql:${pairsKey(pairs.flatMap(operationPair))}` : undefined
}

function operationPair(pair: Pair): readonly Pair[] {
  const [name, value = ''] = pair
  if (name === 'query') return [[name, normalisedDocument(value) ?? value]]
  if (name === 'operationName') return value === '' ? [] : [pair]
  if (name !== 'variables' && name !== 'extensions') return [pair]
  const isEmpty = ['', 'null', '{}'].includes(value.trim())
  return isEmpty ? [] : [[name, canonicalJson(value) ?? value]]
}
