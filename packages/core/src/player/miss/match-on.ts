import { matcherSet, type MatcherSet } from '../../model/matcher-set.ts'

const urlParts = ['scheme', 'host', 'port', 'path', 'query']

/**
 * The option `matchOn` as code, with some matchers exchanged.
 *
 * @param changes by the name of a matcher, the code of another, or `undefined` to leave it out
 */
export function matchOnWith(
  { fingerprint }: MatcherSet,
  changes: ReadonlyMap<string, string | undefined>,
): string {
  // Of a user's own list nobody knows how it is written.
  if (fingerprint !== matcherSet().fingerprint) return [...changes].map(changeOfList).join('; ')
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

function changeOfList([name, code]: readonly [string, string | undefined]): string {
  return code === undefined
    ? `matchOn: [...] without '${name}'`
    : `matchOn: [..., ${code}] in the place of '${name}'`
}
