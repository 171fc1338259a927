import { isJson, mediaType } from '../header-list.ts'
import type { RecordedRequest } from '../interaction.ts'
import type { Matcher } from '../matcher.ts'
import { OptionError } from '../errors/option-error.ts'
import { bodyMatcher, utf8Body } from './body.ts'
import { ignoredTexts, type IgnoreOptions } from './builder-options.ts'
import { canonicalJson } from './canonical-json.ts'
import { parsePointer } from './json-pointer.ts'

const expected =
  "a list of JSON Pointers (RFC 6901), as ['/id', '/messages/*/timestamp']; `*` stands for any key " +
  'or place, and in a key `~` is written ~0 and `/` ~1'

/**
 * The matcher `body` with JSON compared by value, whatever its media type says, and without some of
 * its fields. A body that is no JSON object or array is compared as `body` does.
 *
 * @param options `ignore`: JSON Pointers (RFC 6901) to what may have any value or be absent; a `*`
 * in the place of a key stands for every key of an object and every place of an array
 * @throws OptionError for a text that is no JSON Pointer
 * @example
 * matchOn: ['method', 'url', 'headers', jsonBody({ ignore: ['/id', '/messages/*\/timestamp'] })]
 */
export function jsonBody(options: IgnoreOptions = {}): Matcher {
  const texts = ignoredTexts('jsonBody', options, expected)
  const ignored = texts.map((text) => {
    const pointer = parsePointer(text)
    if (pointer === undefined) throw new OptionError('ignore of jsonBody()', text, expected)
    return pointer
  })
  return {
    name: bodyMatcher.name,
    config: ['json', ...texts],
    key(request) {
      const text = jsonText(request)
      const key = text === undefined ? undefined : canonicalJson(text, ignored)
      return key === undefined ? bodyMatcher.key(request) : `json:${key}`
    },
  }
}

/** The body as text where it may be JSON: by its media type, or by how it begins. */
export function jsonText(request: RecordedRequest): string | undefined {
  const text = utf8Body(request)
  const mayBeJson = isJson(mediaType(request.headers)) || /^\s*[[{]/.test(text ?? '')
  return mayBeJson ? text : undefined
}
