import { editsOf, withEdits, type Edit } from '../edit-text.ts'

/** What stands in the place of a secret: `[REDACTED]`, `[REDACTED:2]` or `[REDACTED:API_TOKEN]`. */
export type Placeholder = string

const placeholder = /\[REDACTED(?::\w+)?\]/
const onlyPlaceholder = /^\[REDACTED(?::\w+)?\]$/
const encoded = /(?:%5[Bb]|\[)REDACTED(?:(?:%3[Aa]|:)(\w+))?(?:%5[Dd]|\])/g
const pair = /^(\[REDACTED(?::\w+)?\]):\1$/
// `[REDACTED` has nine bytes, so base64 of every text that begins so begins alike.
const inBase64 = /W1JFREFDVEVE[XO]/

/** @param which a number above 1, or the name of what the value comes from; absent for the first */
export function placeholderFor(which?: number | string): Placeholder {
  return which === undefined || which === 1 ? '[REDACTED]' : `[REDACTED:${which}]`
}

/** Whether a text bears what redaction put in the place of a secret, percent-encoded or not. */
export function hasPlaceholder(text: string): boolean {
  return placeholder.test(withPlainPlaceholders(text)) || inBase64.test(text)
}

/** Every placeholder in a text, percent-encoded and base64 ones as redaction wrote them. */
export function placeholdersIn(text: string): readonly Placeholder[] {
  const inside = Array.from(text.matchAll(/W1JFREFDVEVE[XO][\w-]*/g), ([found]) =>
    fromBase64(found),
  )
  return [withPlainPlaceholders(text), ...inside].flatMap((part) =>
    Array.from(part.matchAll(/\[REDACTED(?::\w+)?\]/g), ([found]) => found),
  )
}

/** A value that is nothing but a placeholder, in any of its shapes, as the placeholder. */
export function asPlaceholder(value: string): Placeholder | undefined {
  const given = withPlainPlaceholders(value)
  if (onlyPlaceholder.test(given)) return given
  if (!inBase64.test(value)) return undefined
  const inside = fromBase64(value.slice(value.lastIndexOf('.') + 1))
  return onlyPlaceholder.test(inside) ? inside : pair.exec(inside)?.[1]
}

/** Finds the placeholders of a text that a client has percent-encoded, to decode them again. */
export function findEncodedPlaceholders(text: string): Edit[] {
  if (!text.includes('REDACTED')) return []
  return editsOf(text, encoded, (_, [, which]) => placeholderFor(which))
}

function withPlainPlaceholders(text: string): string {
  return withEdits(text, findEncodedPlaceholders(text))
}

/**
 * A placeholder in the shape of the value that it stands for, so that a client can parse it: a JSON
 * Web Token (RFC 7519) keeps its header and its times, and its signature is the placeholder.
 */
export function inShapeOf(value: string, given: Placeholder): string {
  const [head = '', payload = '', ...rest] = value.split('.')
  if (rest.length !== 1 || objectIn(head) === undefined) return given
  const claims = objectIn(payload)
  if (claims === undefined) return given
  const kept = Object.entries(claims).filter(
    ([name, claim]) => ['exp', 'iat', 'nbf'].includes(name) && typeof claim === 'number',
  )
  const hidden = JSON.stringify({ ...Object.fromEntries(kept), redacted: given })
  return [head, toBase64Url(hidden), toBase64Url(given)].join('.')
}

/** A placeholder as the user and the password of basic authentication (RFC 7617). */
export function asBasicCredential(given: Placeholder): string {
  return Buffer.from(`${given}:${given}`).toString('base64')
}

function objectIn(base64Url: string): object | undefined {
  if (!/^[\w-]+$/.test(base64Url)) return undefined
  try {
    const value: unknown = JSON.parse(fromBase64(base64Url))
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8')
}

function toBase64Url(text: string): string {
  return Buffer.from(text).toString('base64url')
}
