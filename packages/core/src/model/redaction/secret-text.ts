import { isSecretName, type SecretPlace } from './secret-names.ts'

/** Gives the placeholder for one secret value. */
export type Hide = (place: SecretPlace, name: string, value: string) => string

/** Hides the values of secret names in a query or a form; every other byte stays as it is. */
export function redactPairs(text: string, place: 'query' | 'field', hide: Hide): string {
  return text
    .split('&')
    .map((pair) => {
      const cut = pair.indexOf('=')
      const name = decoded(pair.slice(0, Math.max(cut, 0)))
      const value = pair.slice(cut + 1)
      if (cut < 0 || value === '' || !isSecretPair(place, name)) return pair
      return `${pair.slice(0, cut)}=${hide(place, name, decoded(value))}`
    })
    .join('&')
}

// `user[password]` is the field `password` of `user`, to most servers.
function isSecretPair(place: 'query' | 'field', name: string): boolean {
  const inner = /\[([^[\]]+)\](?:\[\])?$/.exec(name)?.[1]
  return isSecretName(place, name) || (inner !== undefined && isSecretName('field', inner))
}

// A string with, where it is a key, the colon and the scalar that follow it. Strings are taken as
// a whole, so JSON inside a string is never mistaken for structure; none goes past its line, so a
// stray quote in an event stream misleads no further. Runs, not an alternation for each character:
// else a string of some megabytes overflows the stack of the engine.
const jsonEntry =
  /"([^"\\\n\r]*(?:\\.[^"\\\n\r]*)*)"(?:(\s*:\s*)("[^"\\\n\r]*(?:\\.[^"\\\n\r]*)*"|-?\d[\d.eE+-]*))?/g

/** Hides the scalars of secret keys at any depth of a JSON text; every other byte stays as it is. */
export function redactJson(text: string, hide: Hide): string {
  return text.replaceAll(
    jsonEntry,
    (entry, key: string, colon: string | undefined, scalar: string | undefined, at: number) => {
      if (colon === undefined || scalar === undefined) return entry
      const name = unescaped(key)
      const value = scalar.startsWith('"') ? unescaped(scalar.slice(1, -1)) : scalar
      if (value === '' || !isSecretName('field', name)) return entry
      if (isWordOfAModel(text, at + entry.length)) return entry
      return `"${key}"${colon}${JSON.stringify(hide('field', name, value))}`
    },
  )
}

/** Language models call the pieces of a text tokens, and give each with its probability. */
function isWordOfAModel(text: string, end: number): boolean {
  return /^\s*,\s*"logprob"/.test(text.slice(end, end + 32))
}

// The head of a part that is no file, and its value up to the next delimiter (RFC 7578).
const formPart =
  /(\bname="([^"\r\n]*)"(?![^\r\n]*filename)[^\r\n]*(?:\r\n[^\r\n]+)*\r\n\r\n)([\s\S]*?)(?=\r\n--)/g

/** Hides the values of secret fields in a multipart form; every other byte stays as it is. */
export function redactParts(text: string, hide: Hide): string {
  return text.replaceAll(formPart, (part, head: string, name: string, value: string) =>
    value !== '' && isSecretName('field', name) ? head + hide('field', name, value) : part,
  )
}

/** Hides cookie values; short ones with an ordinary name (`theme=dark`) stay. */
export function redactCookies(header: string, hide: Hide): string {
  return header
    .split(/(;\s*)/)
    .map((cookie) => redactCookie(cookie, hide))
    .join('')
}

/** Hides the value of one `Set-Cookie`; its name and attributes stay. */
export function redactSetCookie(header: string, hide: Hide): string {
  const end = header.indexOf(';')
  return end < 0
    ? redactCookie(header, hide)
    : redactCookie(header.slice(0, end), hide) + header.slice(end)
}

const longEnoughForASecret = 8

function redactCookie(cookie: string, hide: Hide): string {
  const cut = cookie.indexOf('=')
  if (cut < 0) return cookie
  const name = cookie.slice(0, cut).trim()
  const value = cookie.slice(cut + 1)
  const isSecret = value.length >= longEnoughForASecret || isSecretName('cookie', name)
  return isSecret && value !== ''
    ? `${cookie.slice(0, cut)}=${hide('cookie', name, value)}`
    : cookie
}

function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced
  }
}

function unescaped(jsonString: string): string {
  try {
    return String(JSON.parse(`"${jsonString}"`))
  } catch {
    return jsonString
  }
}
