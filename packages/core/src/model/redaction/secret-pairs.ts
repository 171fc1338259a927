import { editsOf, withEdits, type Edit } from '../edit-text.ts'
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
function isSecretPair(place: 'query' | 'field', name: string, secrets: Secrets): boolean {
  const inner = /\[([^[\]]+)\](?:\[\])?$/.exec(name)?.[1]
  return secrets.isSecret(place, name) || (inner !== undefined && secrets.isSecret('field', inner))
}

function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced
  }
}
