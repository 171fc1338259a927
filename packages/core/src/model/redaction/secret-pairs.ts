import { withEdits, type Edit } from '../edit-text.ts'
import { hasPlaceholder } from './placeholder.ts'
import { findInJson } from './secret-json.ts'
import type { Secrets } from './secrets.ts'

/** Finds the values of secret names in a query or a form, and secrets in JSON that stands there. */
export function findInPairs(text: string, place: 'query' | 'field', secrets: Secrets): Edit[] {
  const edits: Edit[] = []
  for (let start = 0; start < text.length;) {
    const next = text.indexOf('&', start)
    const end = next < 0 ? text.length : next
    const pair = text.slice(start, end)
    const sign = pair.indexOf('=')
    if (sign > 0 && sign < pair.length - 1) {
      const hidden = hiddenIn(pair.slice(0, sign), pair.slice(sign + 1), place, secrets)
      if (hidden !== undefined) edits.push({ start: start + sign + 1, end, text: hidden })
    }
    start = end + 1
  }
  return edits
}

function hiddenIn(
  key: string,
  raw: string,
  place: 'query' | 'field',
  secrets: Secrets,
): string | undefined {
  const name = decoded(key)
  const value = decoded(raw)
  if (isSecretPair(place, name, secrets)) return secrets.hide(place, name, value)
  if (!/^\s*[[{]/.test(value)) return undefined
  const edits = findInJson(value, secrets)
  return edits.length === 0 ? undefined : encodeURIComponent(withEdits(value, edits))
}

/** A query or a form with its secrets hidden; every other byte stays as it is. */
export function redactPairs(text: string, place: 'query' | 'field', secrets: Secrets): string {
  return withEdits(text, findInPairs(text, place, secrets))
}

// A pair of a query that stands in some text: a link in JSON or HTML, a URL within a query, encoded
// once or more. `&` may be `&amp;` or `\\u0026`.
const separator = String.raw`[?&#;]|%(?:25)*(?:3F|26|23|3B)|\\u0026`
// Bounded: V8 remembers each repetition, and megabytes of them would overflow its stack.
const innerName = new RegExp(
  String.raw`(?<mark>${separator}|["'])(?<name>[\w.~-]{1,64}(?:(?:\[|%(?:25)*5B)\w{0,64}(?:\]|%(?:25)*5D)){0,16})` +
    String.raw`(?:=|(?<coded>%(?:25)*3D)|\\u003d)`,
  'gi',
)
const innerEnd = new RegExp(String.raw`${separator}|%(?:25)*(?:22|27|3C|3E|20)|[\s"'<>\\,]|$`, 'gi')

/** Finds the values of secret names in the queries of URLs that stand in a text, a URL among them. */
export function findInLinks(text: string, secrets: Secrets): Edit[] {
  // Found much faster than a pair, which has one of them.
  if (!['=', '3D', '3d'].some((sign) => text.includes(sign))) return []
  const edits: Edit[] = []
  innerName.lastIndex = 0
  for (let match = innerName.exec(text); match !== null; match = innerName.exec(text)) {
    const start = innerName.lastIndex
    innerEnd.lastIndex = start
    const end = innerEnd.exec(text)?.index ?? text.length
    const raw = text.slice(start, end)
    // What ends this value may begin the next name.
    innerName.lastIndex = raw === '' ? match.index + 1 : end
    const hidden = hiddenInLink(raw, match.groups ?? {}, secrets)
    if (hidden !== undefined) edits.push({ start, end, text: hidden })
  }
  return edits
}

function hiddenInLink(
  raw: string,
  { mark = '', name = '', coded = '' }: Readonly<Record<string, string>>,
  secrets: Secrets,
): string | undefined {
  if (raw === '' || hasPlaceholder(raw)) return undefined
  // Behind a quote it may be anything: `"key=value"`.
  const place = /["']/.test(mark) ? 'field' : 'query'
  const inner = decoded(name, coded)
  if (!isSecretPair(place, inner, secrets)) return undefined
  return secrets.hide('query', inner, decoded(raw, coded))
}

// What stands between `//` and the last `@` of the authority.
const userInfo = /(?<=^(?:[a-z][a-z\d+.-]*:)?\/\/)[^/]+(?=@)/i

/** A URL, whole or relative, with its user, its query and a fragment like a query redacted. */
export function redactUrl(url: string, secrets: Secrets): string {
  const [, path = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url) ?? []
  const pairs = (part: string) => part.slice(0, 1) + redactPairs(part.slice(1), 'query', secrets)
  return (
    path.replace(userInfo, (value) => secrets.hide('field', 'userinfo', value)) +
    pairs(query) +
    pairs(fragment)
  )
}

// `user[password]` is the field `password` of `user`, to most servers.
export function isSecretPair(place: 'query' | 'field', name: string, secrets: Secrets): boolean {
  const own = name.trim().replace(/(?:\[\d*\])+$/, '')
  const inner = /\[([^[\]]+)\]$/.exec(own)?.[1]
  return secrets.isSecret(place, own) || (inner !== undefined && secrets.isSecret('field', inner))
}

/** @param sign how `=` stands there: encoded twice, the value is so too */
function decoded(text: string, sign = ''): string {
  const spaced = text.replaceAll('+', ' ')
  try {
    const once = decodeURIComponent(spaced)
    return sign === '' || once === spaced ? once : decoded(once, decodeURIComponent(sign).slice(1))
  } catch {
    return spaced
  }
}
