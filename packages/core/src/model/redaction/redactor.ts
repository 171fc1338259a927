import { withBodyText, type RecordedBody } from '../body.ts'
import { mediaType, type HeaderList } from '../header-list.ts'
import type { RecordedRequest, RecordedResponse } from '../interaction.ts'
import { Placeholders, type Numbering } from './placeholders.ts'
import { isSecretName } from './secret-names.ts'
import {
  redactCookies,
  redactJson,
  redactPairs,
  redactParts,
  redactSetCookie,
  type Hide,
} from './secret-text.ts'

/**
 * Puts placeholders in the place of secrets, before a request is named and before anything is
 * stored, logged or told. One redactor serves one test: its placeholders are numbered
 * within it, but for those of values that responses handed out.
 */
export class Redactor {
  readonly #placeholders: Placeholders

  /** @param handedOut shared by the redactors of a cassette */
  constructor(handedOut?: Numbering) {
    this.#placeholders = new Placeholders(handedOut)
  }

  request(request: RecordedRequest): RecordedRequest {
    const hide: Hide = (place, name, value) =>
      this.#placeholders.inRequest(`${place}:${name.toLowerCase()}`, value)
    return {
      ...request,
      url: redactUrl(request.url, hide),
      headers: redactHeaders(request.headers, hide),
      ...redactBody(request, hide),
    }
  }

  response(response: RecordedResponse): RecordedResponse {
    const hide: Hide = (_place, _name, value) => this.#placeholders.inResponse(value)
    const echo = (text: string): string => this.#placeholders.inEcho(text)
    const redacted = (headers: HeaderList): HeaderList =>
      redactHeaders(headers, hide).map(([name, value]) => [name, echo(value)])
    const { informational, trailers } = response
    return {
      ...response,
      ...(informational === undefined
        ? {}
        : {
            informational: informational.map((head) => ({
              ...head,
              headers: redacted(head.headers),
            })),
          }),
      headers: redacted(response.headers),
      ...redactBody(response, hide, echo),
      ...(trailers === undefined ? {} : { trailers: redacted(trailers) }),
    }
  }
}

// What stands between `//` and the last `@` of the authority.
const userInfo = /(?<=^(?:[a-z][a-z\d+.-]*:)?\/\/)[^/]+(?=@)/i

function redactUrl(url: string, hide: Hide): string {
  const [, path = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url) ?? []
  const pairs = (part: string) => part.slice(0, 1) + redactPairs(part.slice(1), 'query', hide)
  return (
    path.replace(userInfo, (value) => hide('field', 'userinfo', value)) +
    pairs(query) +
    pairs(fragment)
  )
}

function redactHeaders(headers: HeaderList, hide: Hide): HeaderList {
  return headers.map(([name, value]) => [name, redactHeader(name, value, hide)])
}

function redactHeader(name: string, value: string, hide: Hide): string {
  const lower = name.toLowerCase()
  if (lower === 'cookie') return redactCookies(value, hide)
  if (lower === 'set-cookie') return redactSetCookie(value, hide)
  if (['location', 'referer', 'content-location'].includes(lower)) return redactUrl(value, hide)
  if (!isSecretName('header', name)) return value
  // `Bearer abc`: the scheme tells how to read the credential and is none itself.
  const scheme = lower.endsWith('authorization') ? (/^[a-z][\w-]* +/i.exec(value)?.[0] ?? '') : ''
  const credential = value.slice(scheme.length)
  return credential === '' ? value : scheme + hide('header', name, credential)
}

function redactBody(
  { headers, body }: { headers: HeaderList; body?: RecordedBody },
  hide: Hide,
  further: (text: string) => string = (text) => text,
): { body?: RecordedBody } {
  if (body === undefined) return {}
  const type = mediaType(headers)
  // A picture is not searched for JSON; a text with a stray byte in it is.
  if ('base64' in body && !/json|text|xml|form/.test(type)) return { body }
  const change = textRedaction(type, hide)
  return { body: withBodyText(body, type, (text) => further(change(text))) }
}

// JSON is looked for in every text: many send it as `text/plain`, as `fetch` does with a string.
function textRedaction(type: string, hide: Hide): (text: string) => string {
  if (type === 'application/x-www-form-urlencoded') {
    return (text) => redactPairs(text, 'field', hide)
  }
  if (type === 'multipart/form-data') return (text) => redactParts(text, hide)
  return (text) => redactJson(text, hide)
}
