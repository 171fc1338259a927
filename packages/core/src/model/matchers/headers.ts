import { mediaTypeIn, type HeaderList } from '../header-list.ts'
import type { Matcher } from '../matcher.ts'
import { OptionError } from '../errors/option-error.ts'
import { sortedTexts } from './builder-options.ts'

/**
 * Headers that select another representation, part, account or version of the same resource, or
 * say what is to be done with it.
 */
export const defaultMatchHeaders: readonly string[] = [
  'accept',
  'accept-language',
  'content-type',
  'prefer',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  // Parts: of what is downloaded and uploaded, for Azure, tus and Gemini too, and pages of Cosmos DB.
  'range',
  'x-ms-range',
  'content-range',
  'upload-offset',
  'x-goog-upload-command',
  'x-goog-upload-offset',
  'x-ms-continuation',
  'x-ms-documentdb-partitionkey',
  'x-ms-documentdb-partitionkeyrangeid',
  // What is done, and to what: SOAP, AWS, Dropbox, Google, PostgREST and WebDAV (RFC 4918 10).
  'soapaction',
  'x-amz-target',
  'x-amz-copy-source',
  'x-http-method',
  'x-http-method-override',
  'dropbox-api-arg',
  'x-goog-fieldmask',
  'accept-profile',
  'content-profile',
  'depth',
  'destination',
  // Versions and accounts of the big APIs.
  'anthropic-version',
  'openai-beta',
  'stripe-version',
  'stripe-account',
  'x-github-api-version',
  'notion-version',
  'xero-tenant-id',
]

// RFC 9110 12.5.1 and 12.5.4: to accept anything is to say nothing. `fetch` says it, `http.get` does not.
const sameAsAbsent: Readonly<Record<string, string>> = { accept: '*/*', 'accept-language': '*' }

const expected = "a list of header names, as ['accept']"

/**
 * The matcher `headers` with headers of its own: these are compared and no others. `Content-Type`
 * counts by its media type alone: no charset, no multipart boundary. The option `matchHeaders` does
 * the same for the matcher `'headers'`.
 *
 * @param names in any case and order
 * @throws OptionError for anything that is no list of header names (RFC 9110 5.1)
 * @example
 * matchOn: ['method', 'url', headers(['accept', 'x-tenant']), 'body']
 */
export function headers(names: readonly string[]): Matcher {
  return headersMatcher(names, 'headers()')
}

/**
 * What `headers` gives.
 *
 * @param option where the names stand, for messages
 * @throws OptionError
 */
export function headersMatcher(names: readonly string[], option: string): Matcher {
  const given = sortedTexts(option, names, expected)
  const wrong = given.find((name) => !/^[!#$%&'*+.^_`|~\w-]+$/.test(name))
  if (wrong !== undefined) throw new OptionError(option, wrong, expected)
  const wanted = [...new Set(given.map((name) => name.toLowerCase()))].toSorted()
  const isWanted = new Set(wanted)
  return {
    name: 'headers',
    config: wanted,
    headers: wanted,
    key(request) {
      const found = valuesOf(request.headers, isWanted)
      if (found.size === 0) return ''
      const pairs = wanted.flatMap((name) => {
        const stored = found.get(name)
        if (stored === undefined) return []
        const value = name === 'content-type' ? mediaTypeIn(stored) : stored
        return value === '' || value === sameAsAbsent[name] ? [] : [[name, value]]
      })
      return pairs.length === 0 ? '' : JSON.stringify(pairs)
    },
  }
}

/** The values of those headers that are wanted, in one pass: every request is named. */
function valuesOf(list: HeaderList, wanted: ReadonlySet<string>): Map<string, string> {
  const found = new Map<string, string>()
  for (const [name, value] of list) {
    const lower = name.toLowerCase()
    if (!wanted.has(lower)) continue
    const before = found.get(lower)
    found.set(lower, before === undefined ? value : `${before}, ${value}`)
  }
  return found
}
