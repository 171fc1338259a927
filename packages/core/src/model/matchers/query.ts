import type { Matcher } from '../matcher.ts'
import { requestUrl } from '../request-url.ts'
import { ignoredTexts, type IgnoreOptions } from './builder-options.ts'
import { decodedPairs, pairsKey, sortedPairs } from './sorted-pairs.ts'

/** Compares the query whatever the order of its keys; a repeated key keeps the order of its values. */
export const queryMatcher: Matcher = {
  name: 'query',
  key: (request) => sortedPairs(requestUrl(request).search.slice(1)),
}

/**
 * The matcher `query` without some parameters.
 *
 * @param options `ignore`: names of parameters, decoded and in their case, that may have any value
 * or be absent
 * @throws OptionError
 * @example
 * matchOn: ['method', 'url', query({ ignore: ['timestamp'] }), 'headers', 'body']
 */
export function query(options: IgnoreOptions = {}): Matcher {
  const ignored = ignoredTexts('query', options, "a list of parameter names, as ['timestamp']")
  const names = new Set(ignored)
  return {
    name: queryMatcher.name,
    config: ['ignore', ...ignored],
    key: (request) => {
      const pairs = decodedPairs(requestUrl(request).search.slice(1))
      return pairsKey(pairs.filter(([name]) => !names.has(name)))
    },
  }
}
