import { types } from 'node:util'
import { OptionError } from '../errors/option-error.ts'
import type { Matcher } from '../matcher.ts'
import { requestUrl } from '../request-url.ts'

/**
 * The matcher `path` with something put in the place of what differs from run to run. Every match
 * of the pattern is replaced as a whole, with or without the flag `g`, as `String.replaceAll` does:
 * `$1` in the replacement is the first group. The pattern sees the path as it stands in the URL,
 * percent-encoded and without the query.
 *
 * @throws OptionError
 * @example
 * matchOn: ['method', 'url', path(/\/users\/\d+/, '/users/:id'), 'headers', 'body']
 */
export function path(pattern: RegExp, replacement: string): Matcher {
  if (!types.isRegExp(pattern)) {
    throw new OptionError('pattern of path()', pattern, String.raw`a RegExp, as /\/users\/\d+/`)
  }
  const text: unknown = replacement
  if (typeof text !== 'string') {
    throw new OptionError('replacement of path()', text, "a string, as '/users/:id'")
  }
  const { source, flags } = pattern
  const everywhere = new RegExp(source, flags.includes('g') ? flags : `${flags}g`)
  return {
    name: 'path',
    config: [source, everywhere.flags, text],
    key: (request) => requestUrl(request).pathname.replaceAll(everywhere, text),
  }
}
