import { editsOf, withEdits, type Edit } from '../edit-text.ts'
import { hasPlaceholder } from './placeholder.ts'
import { findInJson } from './secret-json.ts'
import type { Secrets } from './secrets.ts'

const pair = /(?<=^|&)([^&=]+)=([^&]+)/g

/** Finds the values of secret names in a query or a form, and secrets in JSON that stands there. */
export function findInPairs(text: string, place: 'query' | 'field', secrets: Secrets): Edit[] {
  return editsOf(text, pair, (whole, match) => {
    const [, key = '', raw = ''] = match
    const name = decoded(key)
    const value = decoded(raw)
    if (isSecretPair(place, name, secrets)) return `${key}=${secrets.hide(place, name, value)}`
    if (!/^\s*[[{]/.test(value)) return undefined
    const hidden = withEdits(value, findInJson(value, secrets))
    return hidden === value ? whole : `${key}=${encodeURIComponent(hidden)}`
  })
}

/** A query or a form with its secrets hidden; every other byte stays as it is. */
export function redactPairs(text: string, place: 'query' | 'field', secrets: Secrets): string {
  return withEdits(text, findInPairs(text, place, secrets))
}

// A pair of a query that stands in some text: a link in JSON or HTML, a URL within a query, encoded
// once or more. `&` may be `&amp;` or `\\u0026`.
const separator = String.raw`[?&#;]|%(?:25)*(?:3F|26|23|3B)|\\u0026`
const innerPair = new RegExp(
  String.raw`(?<mark>${separator}|["'])(?<name>[\w.~-]{1,64}(?:(?:\[|%(?:25)*5B)\w*(?:\]|%(?:25)*5D))*)` +
    String.raw`(?:=|(?<coded>%(?:25)*3D)|\\u003d)(?<secret>(?:(?!${separator}|%(?:25)*(?:22|27|3C|3E|20))[^\s"'<>\\,])+)`,
  'dgi',
)

/** Finds the values of secret names in the queries of URLs that stand in a text, a URL among them. */
export function findInLinks(text: string, secrets: Secrets): Edit[] {
  // Found much faster than a pair, which has one of them.
  if (!['=', '3D', '3d'].some((sign) => text.includes(sign))) return []
  return editsOf(text, innerPair, (raw, { groups = {} }) => {
    if (hasPlaceholder(raw)) return undefined
    const { mark = '', name = '', coded = '' } = groups
    // Behind a quote it may be anything: `"key=value"`.
    const place = /["']/.test(mark) ? 'field' : 'query'
    const inner = decoded(name, coded)
    if (!isSecretPair(place, inner, secrets)) return undefined
    return secrets.hide('query', inner, decoded(raw, coded))
  })
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
