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
  const url = urlParts.some((part) => changes.has(part)) ? urlParts : ['url']
  const entries = ['method', ...url, 'headers', 'body'].flatMap((name) => {
    const code = changes.has(name) ? changes.get(name) : `'${name}'`
    return code === undefined ? [] : [code]
  })
  return `matchOn: [${entries.join(', ')}]`
}

function changeOfList([name, code]: readonly [string, string | undefined]): string {
  return code === undefined
    ? `matchOn: [...] without '${name}'`
    : `matchOn: [..., ${code}] in the place of '${name}'`
}
