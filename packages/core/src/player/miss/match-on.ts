import { matcherSet, type MatcherSet } from '../../model/matcher-set.ts'
import type { Matcher } from '../../model/matcher.ts'
import { writtenOf } from './what-is-ignored.ts'

const urlParts = ['scheme', 'host', 'port', 'path', 'query']

/**
 * The option `matchOn` as code, with some matchers exchanged.
 *
 * @param changes by the name of a matcher, the code of another, or `undefined` to leave it out
 */
export function matchOnWith(
  { fingerprint, matchers }: MatcherSet,
  changes: ReadonlyMap<string, string | undefined>,
): string {
  // Of a user's own list nobody knows how it is written.
  if (fingerprint !== matcherSet().fingerprint) return changesOfList(matchers, changes)
  const isLeftOut = (name: string) => changes.has(name) && changes.get(name) === undefined
  // A matcher for a part of the URL takes its place in `url`; to leave one out all are told.
  const url = urlParts.some(isLeftOut)
    ? urlParts
    : ['url', ...urlParts.filter((part) => changes.has(part))]
  const entries = ['method', ...url, 'headers', 'body']
    .filter((name) => !isLeftOut(name))
    .map((name) => changes.get(name) ?? `'${name}'`)
  return `matchOn: [${entries.join(', ')}]`
}

function changesOfList(
  matchers: readonly Matcher[],
  changes: ReadonlyMap<string, string | undefined>,
): string {
  const hasAll = urlParts.every((part) => matchers.some(({ name }) => name === part))
  const inUrl = hasAll ? " ('url' stands for scheme, host, port, path and query)" : ''
  return Array.from(changes, ([name, code]) => {
    if (code === undefined) return `matchOn: [...] without '${name}'${inUrl}`
    const replaced = matchers.find((matcher) => matcher.name === name)
    return `matchOn: [..., ${code}] in the place of ${replaced ? writtenOf(replaced) : `'${name}'`}`
  }).join('; ')
}
