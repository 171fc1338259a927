/** What a token of JSON is; words such as `true` are passed over. */
export type JsonToken = 'string' | 'number' | '[' | ']' | '{' | '}'

const quote = 0x22
const minus = 0x2d
const colon = 0x3a
const backslash = 0x5c

/**
 * Reads the tokens of JSON in any text, which may have more in it than JSON. A string is taken as a
 * whole, so JSON inside of it is never mistaken for structure. None goes past its line, so a stray
 * quote in an event stream misleads no further. Goes by characters and not by patterns, which took
 * twice the time: bodies are searched before a request is named.
 */
export class JsonTokens {
  readonly #text: string
  /** Where the next token is looked for. */
  at = 0
  /** Of the token that was taken last. */
  kind: JsonToken = 'string'
  start = 0
  /** Every quote in this stretch is without its other. */
  #lonely = { start: 0, end: 0 }

  constructor(text: string) {
    this.#text = text
  }

  /** The token that was taken last. */
  get found(): string {
    return this.#text.slice(this.start, this.at)
  }

  /** Goes on to the next token. */
  next(): boolean {
    const text = this.#text
    for (let at = this.at; at < text.length; at += 1) {
      const kind = kindOf(text.charCodeAt(at))
      if (kind !== undefined && this.#take(kind, at)) return true
    }
    return false
  }

  /** Takes the string, the number or the opening bracket that stands right here. */
  takeValue(): boolean {
    const kind = kindOf(this.#text.charCodeAt(this.at))
    return kind !== undefined && kind !== ']' && kind !== '}' && this.#take(kind, this.at)
  }

  /** Takes the string that begins right here, and that the end of the text cuts off. */
  takeCutString(): boolean {
    const text = this.#text
    const isCut = text.charCodeAt(this.at) === quote && this.#lonely.end === text.length
    if (!isCut) return false
    this.kind = 'string'
    this.start = this.at
    this.at = text.length
    return true
  }

  /** Takes the colon behind a key, and the white space around it. */
  takeColon(): boolean {
    const before = this.#behindSpace(this.at)
    if (this.#text.charCodeAt(before) !== colon) return false
    this.at = this.#behindSpace(before + 1)
    return true
  }

  #take(kind: JsonToken, start: number): boolean {
    const end = this.#endOf(kind, start)
    if (end === undefined) return false
    this.kind = kind
    this.start = start
    this.at = end
    return true
  }

  #endOf(kind: JsonToken, start: number): number | undefined {
    if (kind === 'string') return this.#endOfString(start)
    return kind === 'number' ? this.#endOfNumber(start) : start + 1
  }

  #endOfNumber(start: number): number | undefined {
    const text = this.#text
    const isSigned = text.charCodeAt(start) === minus
    if (isSigned && !isDigit(text.charCodeAt(start + 1))) return undefined
    let at = start + 1
    while (isInNumber(text.charCodeAt(at))) at += 1
    return at
  }

  #behindSpace(start: number): number {
    let at = start
    while (isSpace(this.#text.charCodeAt(at))) at += 1
    return at
  }

  #endOfString(start: number): number | undefined {
    if (start >= this.#lonely.start && start < this.#lonely.end) return undefined
    const text = this.#text
    let at = start + 1
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      if (code === quote) return at + 1
      if (code === backslash) {
        at += 1
        if (at === text.length || isLineEnd(text.charCodeAt(at))) break
      } else if (code === 0x0a || code === 0x0d) break
    }
    this.#lonely = { start, end: at }
    return undefined
  }
}

function kindOf(code: number): JsonToken | undefined {
  if (code === quote) return 'string'
  if (code === 0x7b) return '{'
  if (code === 0x7d) return '}'
  if (code === 0x5b) return '['
  if (code === 0x5d) return ']'
  return code === minus || isDigit(code) ? 'number' : undefined
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

/** What may come behind the first digit. */
function isInNumber(code: number): boolean {
  // `+`, `-`, `.`, `E` and `e`
  return isDigit(code) || code === 0x2b || code === minus || code === 0x2e || (code | 0x20) === 0x65
}

/** As `\s` of a regular expression. */
function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d)
  return code >= 0xa0 && /\s/.test(String.fromCharCode(code))
}

/** What `.` of a regular expression does not go past. */
function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x20_28 || code === 0x20_29
}
