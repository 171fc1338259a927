import { OptionError } from '../errors/option-error.ts'
import type { HeaderList } from '../header-list.ts'
import type { RecordedRequest, RecordedResponse } from '../interaction.ts'
import { remembered } from '../remembered.ts'
import { editsOf, type Edit } from '../edit-text.ts'
import { withErrorTexts, type RecordedFailure } from '../recorded-error.ts'
import { findEncodedPlaceholders, inShapeOf } from './placeholder.ts'
import { Placeholders, type Numbering } from './placeholders.ts'
import { afterSearches, redactBody, type Find } from './redact-body.ts'
import { redactionRules, type RedactionRules } from './redaction-rules.ts'
import type { RedactableExchange } from './redact-option.ts'
import { redactHeader } from './secret-headers.ts'
import { findInLinks, redactUrl } from './secret-pairs.ts'
import type { SecretPattern } from './secret-patterns.ts'
import type { Secrets } from './secrets.ts'
import { withoutScalars } from './without-scalars.ts'

type Hide = (slot: string, value: string) => string

/**
 * Puts placeholders in the place of secrets, before a request is named and before anything is
 * stored, logged or told. One redactor serves one test: its placeholders are numbered
 * within it, but for those of values that responses handed out.
 */
export class Redactor {
  readonly #rules: RedactionRules
  readonly #placeholders: Placeholders
  readonly #hostPatterns: readonly SecretPattern[]
  readonly #isTouched: (text: string) => boolean

  /** @param handedOut shared by the redactors of a cassette */
  constructor(rules: RedactionRules = builtIn, handedOut?: Numbering) {
    this.#rules = rules
    this.#placeholders = new Placeholders(handedOut)
    this.#hostPatterns = rules.patterns.filter(({ isBehindHost }) => isBehindHost === true)
    this.#isTouched = touchTests.get(rules) ?? remembered((text) => this.#touches(text))
    touchTests.set(rules, this.#isTouched)
  }

  /**
   * @param variables `'as known'` does not look for new ones, which takes time: only where nothing
   * is stored or told unless the cassette has it already
   */
  request(live: RecordedRequest, variables: 'now' | 'as known' = 'now'): RecordedRequest {
    if (variables === 'now') this.refresh()
    const hide = (slot: string, value: string) => this.#placeholders.inRequest(slot, value)
    const secrets = this.#secrets(hide)
    const inText = this.#inRequest(hide, secrets)
    const inBytes = this.#values(plainly)
    // What has a name is hidden first, everywhere: it may stand without one in another part.
    const url = searched(redactUrl(live.url, secrets), this.#patterns(hide, this.#hostPatterns))
    const headers = redactHeaders(live.headers, secrets)
    const body = redactBody({ ...live, headers }, secrets, inText, inBytes)
    const request = {
      ...live,
      url: behindHost(url, (text) => searched(text, [...inText, ...inBytes])),
      headers: searchHeaders(headers, secrets, this.#shortSearch(inText, inBytes)),
      ...body,
    }
    return further(this.#rules, { request }).request
  }

  /** @param request its request, redacted */
  response(live: RecordedResponse, request?: RecordedRequest): RecordedResponse {
    this.refresh()
    const hide = (_slot: string, value: string) =>
      inShapeOf(value, this.#placeholders.inResponse(value))
    const secrets = this.#secrets(hide)
    const inText: Find[] = [(text) => findInLinks(text, secrets), ...this.#patterns(hide)]
    const inBytes = this.#values(inShapeOf)
    const search = this.#shortSearch(inText, inBytes)
    const redacted = (headers: HeaderList): HeaderList =>
      searchHeaders(redactHeaders(headers, secrets), secrets, search)
    const { informational, trailers } = live
    const response = {
      ...live,
      ...(informational === undefined
        ? {}
        : {
            informational: informational.map((head) => ({
              ...head,
              statusText: search(head.statusText),
              headers: redacted(head.headers),
            })),
          }),
      statusText: search(live.statusText),
      headers: redacted(live.headers),
      ...redactBody(live, secrets, inText, inBytes),
      ...(trailers === undefined ? {} : { trailers: redacted(trailers) }),
    }
    if (request === undefined) return response
    return further(this.#rules, { request, response }).response ?? response
  }

  /** Why there was no response, or no more of it. */
  failure(live: RecordedFailure): RecordedFailure {
    return typeof live === 'string' ? live : withErrorTexts(live, this.#textSearch())
  }

  /** A text that nothing is known of, such as a title. */
  text(live: string): string {
    return this.#textSearch()(live)
  }

  #textSearch(): (text: string) => string {
    this.refresh()
    const hide = (_slot: string, value: string) => this.#placeholders.inResponse(value)
    const searches = [...this.#patterns(hide), ...this.#values(plainly)]
    return (text) => searched(text, searches)
  }

  /** Looks for variables that have come or gone, and says whether secrets are others now. */
  refresh(): boolean {
    return this.#rules.values.refresh()
  }

  #secrets(hide: Hide): Secrets {
    return {
      isSecret: this.#rules.isSecret,
      hide: (place, name, value) => hide(`${place}:${name.toLowerCase()}`, value),
    }
  }

  /** What is looked for in every text of a request. */
  #inRequest(hide: Hide, secrets: Secrets): Find[] {
    return [findEncodedPlaceholders, (text) => findInLinks(text, secrets), ...this.#patterns(hide)]
  }

  /** Searches texts that come again and again, such as the values of headers. */
  #shortSearch(inText: readonly Find[], inBytes: readonly Find[]): (text: string) => string {
    return (text) => searched(text, this.#isTouched(text) ? [...inText, ...inBytes] : inBytes)
  }

  /** Whether any of it is in a text; does not depend on what was hidden before. */
  #touches(text: string): boolean {
    let hasHidden = false
    const hide: Hide = (_slot, value) => {
      hasHidden = true
      return value
    }
    const inText = this.#inRequest(hide, this.#secrets(hide))
    return inText.some((find) => find(text).length > 0) || hasHidden
  }

  #patterns(hide: Hide, patterns: readonly SecretPattern[] = this.#rules.patterns): Find[] {
    return patterns.map(
      ({ name, pattern, needs }) =>
        (text) =>
          needs === undefined || needs.some((part) => text.includes(part))
            ? editsOf(text, pattern, (value) =>
                value === '' ? undefined : hide(`pattern:${name}`, value),
              )
            : [],
    )
  }

  /** Looks for secrets that are known by themselves: first those of variables, then others. */
  #values(shown: (value: string, given: string) => string): Find[] {
    const values = this.#rules.values.inForce()
    return [
      (text) =>
        values.flatMap(({ pattern, base64, given }) => [
          ...editsOf(text, pattern, () => given),
          ...base64.flatMap((form) => editsOfText(text, form, given)),
        ]),
      (text) =>
        this.#placeholders
          .known()
          .flatMap(({ value, given, forms }) =>
            forms.flatMap((form) =>
              typeof form === 'string'
                ? editsOfText(text, form, shown(value, given))
                : editsOf(text, form, () => shown(value, given)),
            ),
          ),
    ]
  }
}

const builtIn = redactionRules(true)!
// Most headers come with every request, and most patterns are in none: what is known of one test's
// is known of the next one's.
const touchTests = new WeakMap<RedactionRules, (text: string) => boolean>()

function further(rules: RedactionRules, exchange: RedactableExchange): RedactableExchange {
  if (rules.further === undefined) return exchange
  const result: unknown = rules.further(exchange)
  if (isExchange(result, exchange)) return result
  const expected = 'a function that returns what it was given: { request } or { request, response }'
  // Nobody has hidden in it what only this function knows.
  throw new OptionError('result of the function redact', withoutScalars(result), expected)
}

function isExchange(result: unknown, given: RedactableExchange): result is RedactableExchange {
  if (typeof result !== 'object' || result === null) return false
  return Object.keys(given).every((key) => typeof Reflect.get(result, key) === 'object')
}

// No server parses a placeholder, and the name of a request must not depend on what it stands for.
function plainly(_value: string, given: string): string {
  return given
}

function redactHeaders(headers: HeaderList, secrets: Secrets): HeaderList {
  return headers.map(([name, value]) => [name, redactHeader(name, value, secrets)])
}

function searchHeaders(
  headers: HeaderList,
  secrets: Secrets,
  search: (text: string) => string,
): HeaderList {
  return headers.map(([name, value]) => [
    name,
    secrets.isSecret('header', name) ? value : search(value),
  ])
}

function searched(text: string, searches: readonly Find[]): string {
  return afterSearches({ text, cuts: [] }, searches).text
}

// A host with a placeholder in it would be none.
function behindHost(url: string, change: (text: string) => string): string {
  const [host = ''] = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i.exec(url) ?? []
  return host + change(url.slice(host.length))
}

function editsOfText(text: string, sought: string, given: string): Edit[] {
  const edits: Edit[] = []
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + sought.length)) {
    edits.push({ start: at, end: at + sought.length, text: given })
  }
  return edits
}
