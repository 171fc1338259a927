import { headerValue, mediaType } from '../header-list.ts'
import type { Matcher } from '../matcher.ts'

/** Headers that select another representation, account or version of the same resource. */
export const defaultMatchHeaders: readonly string[] = [
  'accept',
  'accept-language',
  'content-type',
  'range',
  'if-none-match',
  'if-modified-since',
  'soapaction',
  'x-amz-target',
  'x-http-method-override',
  'prefer',
  'anthropic-version',
  'openai-beta',
  'stripe-version',
  'stripe-account',
  'x-github-api-version',
  'notion-version',
]

// RFC 9110 12.5.1 and 12.5.4: to accept anything is to say nothing. `fetch` says it, `http.get` does not.
const sameAsAbsent: Readonly<Record<string, string>> = { accept: '*/*', 'accept-language': '*' }

/**
 * Compares the named headers and no others. `Content-Type` counts by its media type alone: no
 * charset, no multipart boundary.
 *
 * @param wanted lower-cased and sorted
 */
export function headersMatcher(wanted: readonly string[]): Matcher {
  return {
    name: 'headers',
    key({ headers }) {
      const pairs = wanted.flatMap((name) => {
        const value = name === 'content-type' ? mediaType(headers) : headerValue(headers, name)
        return value === undefined || value === '' || value === sameAsAbsent[name]
          ? []
          : [[name, value]]
      })
      return pairs.length === 0 ? '' : JSON.stringify(pairs)
    },
  }
}
