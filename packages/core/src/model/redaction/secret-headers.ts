import { asBasicCredential, asPlaceholder, hasPlaceholder } from './placeholder.ts'
import { redactUrl } from './secret-pairs.ts'
import type { Secrets } from './secrets.ts'

/** Headers whose value is a URL. */
export const urlHeaders: readonly string[] = ['location', 'referer', 'content-location', 'refresh']

/** The value of a header with its secrets hidden; every other byte stays as it is. */
export function redactHeader(name: string, value: string, secrets: Secrets): string {
  const lower = name.toLowerCase()
  if (lower === 'cookie') return redactCookies(value, secrets)
  if (lower === 'set-cookie') return redactSetCookie(value, secrets)
  if (lower === 'sec-websocket-protocol') return redactProtocols(value, secrets)
  if (lower === 'link')
    return value.replaceAll(/(?<=<)[^<>]+(?=>)/g, (url) => redactUrl(url, secrets))
  if (urlHeaders.includes(lower)) return redactUrl(value, secrets)
  if (!secrets.isSecret('header', name)) return value
  const scheme = lower.endsWith('authorization') ? (credentialScheme.exec(value)?.[0] ?? '') : ''
  const credential = value.slice(scheme.length)
  if (credential === '') return value
  const given = secrets.hide('header', name, credential)
  return (
    scheme + (/^basic /i.test(scheme) ? asBasicCredential(asPlaceholder(given) ?? given) : given)
  )
}

// `Bearer abc`: the scheme tells how to read the credential and is none itself. Those that IANA
// lists, and those of big APIs; what else stands first may be a part of the credential.
const credentialScheme =
  /^(?:basic|bearer|digest|dpop|gnap|hoba|mutual|negotiate|ntlm|oauth|privatetoken|scram-sha-\d+|vapid|token|api-?key|aws4-hmac-sha256|sharedkey(?:lite)?|ssws|hawk|jwt|bot|signature|key|deepl-auth-key|geniekey|splunk|klaviyo-api-key|discogs|zoho-oauthtoken) +/i

/** Hides cookie values; short ones with an ordinary name (`theme=dark`) stay. */
export function redactCookies(header: string, secrets: Secrets): string {
  return header
    .split(/(;\s*)/)
    .map((cookie) => redactCookie(cookie, secrets))
    .join('')
}

/** Hides the value of one `Set-Cookie`; its name and attributes stay. */
export function redactSetCookie(header: string, secrets: Secrets): string {
  const end = header.indexOf(';')
  return end < 0
    ? redactCookie(header, secrets)
    : redactCookie(header.slice(0, end), secrets) + header.slice(end)
}

/** The length, in characters, from which the value of any cookie is taken for a secret. */
export const longCookie = 8

// Browsers cannot set another header, so applications put a token beside the name of the protocol.
function redactProtocols(header: string, secrets: Secrets): string {
  return header.replaceAll(/[^\s,]{24,}/g, (word) =>
    /\d/.test(word) && !hasPlaceholder(word)
      ? secrets.hide('header', 'sec-websocket-protocol', word)
      : word,
  )
}

function redactCookie(cookie: string, secrets: Secrets): string {
  const cut = cookie.indexOf('=')
  // RFC 6265bis allows one without a name.
  if (cut < 0)
    return cookie.trim().length < longCookie ? cookie : secrets.hide('cookie', '', cookie)
  const name = cookie.slice(0, cut).trim()
  const value = cookie.slice(cut + 1)
  const isSecret = value.length >= longCookie || secrets.isSecret('cookie', name)
  return isSecret && value !== ''
    ? `${cookie.slice(0, cut)}=${secrets.hide('cookie', name, value)}`
    : cookie
}
