import { headerValue, type HeaderList } from '../../model/header-list.ts'

/**
 * How far a body goes: so many bytes, up to the last chunk, to the end of the connection, or, once
 * the connection has left HTTP, without any end.
 */
export type Framing = number | 'chunked' | 'until close' | 'raw'

/** Hears the messages that come over one direction of a connection. */
export interface MessageListener {
  /**
   * @param startLine without its line end
   * @returns how far the body goes
   */
  onHead(startLine: string, headers: HeaderList): Framing
  /** @param isContinued whether the sender cannot have paused before it: it is amid a chunk, or a length */
  onBody(bytes: Buffer, isContinued: boolean): void
  onEnd(trailers: HeaderList): void
}

type State = 'head' | 'body' | 'chunk size' | 'chunk' | 'chunk end' | 'trailers' | 'raw'

const empty = Buffer.alloc(0)
const headEnd = Buffer.from('\r\n\r\n')
// Far above what any client or server takes, so that nothing is refused here that they accept.
const maxHeadSize = 4 * 1024 * 1024

/** Cuts the bytes of a connection into HTTP/1.1 messages (RFC 9112), as they come. */
export class MessageReader {
  readonly #listener: MessageListener
  #state: State = 'head'
  /** Of the body or the chunk, what is still to come. */
  #remaining = 0
  #isContinued = false
  #held: Buffer = empty
  #trailers: [string, string][] = []

  constructor(listener: MessageListener) {
    this.#listener = listener
  }

  /** @throws Error where the bytes are no HTTP/1.1 message */
  read(bytes: Buffer): void {
    let rest = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    this.#held = empty
    while (rest.length > 0) {
      const used = this.#step(rest)
      if (used === 0) {
        if (rest.length > maxHeadSize) throw new Error('A message head is too large.')
        this.#held = rest
        return
      }
      rest = rest.subarray(used)
    }
  }

  /**
   * Says that the connection has ended.
   *
   * @returns whether that was where a message may end
   */
  end(): boolean {
    if (this.#state === 'body' && this.#remaining === Infinity) this.#finish()
    return this.#state === 'head' && this.#held.length === 0
  }

  /** Takes what comes from now on as it is: the connection has left HTTP. */
  leaveHttp(): void {
    this.#state = 'raw'
    const held = this.#held
    this.#held = empty
    if (held.length > 0) this.#listener.onBody(held, false)
  }

  /** @returns how many bytes it used; 0 where it needs more */
  #step(bytes: Buffer): number {
    if (this.#state === 'head') return this.#head(bytes)
    if (this.#state === 'chunk size') return this.#line(bytes, (line) => this.#startChunk(line))
    if (this.#state === 'trailers') return this.#line(bytes, (line) => this.#trailer(line))
    if (this.#state !== 'chunk end') return this.#data(bytes)
    return this.#line(bytes, () => {
      this.#state = 'chunk size'
    })
  }

  #startChunk(line: string): void {
    this.#remaining = Number.parseInt(line, 16)
    if (Number.isNaN(this.#remaining)) throw new Error(`${line} is no chunk size.`)
    this.#state = this.#remaining === 0 ? 'trailers' : 'chunk'
  }

  #trailer(line: string): void {
    if (line === '') this.#finish()
    else this.#trailers.push(pair(line))
  }

  #head(bytes: Buffer): number {
    // A server may send an empty line after a body (RFC 9112 2.2).
    if (bytes[0] === 13 && bytes[1] === 10) return 2
    const end = bytes.indexOf(headEnd)
    if (end < 0) return 0
    const [startLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
    const framing = this.#listener.onHead(startLine, lines.map(pair))
    if (framing === 'raw') this.#state = 'raw'
    else if (framing === 'chunked') this.#state = 'chunk size'
    else {
      this.#state = 'body'
      this.#remaining = framing === 'until close' ? Infinity : framing
      if (framing === 0) this.#finish()
    }
    return end + 4
  }

  #data(bytes: Buffer): number {
    if (this.#state === 'raw') {
      this.#listener.onBody(bytes, false)
      return bytes.length
    }
    const part = bytes.subarray(0, Math.min(this.#remaining, bytes.length))
    this.#remaining -= part.length
    this.#listener.onBody(part, this.#isContinued)
    this.#isContinued = this.#remaining > 0 && this.#remaining < Infinity
    if (this.#remaining === 0 && this.#state === 'chunk') this.#state = 'chunk end'
    else if (this.#remaining === 0) this.#finish()
    return part.length
  }

  #line(bytes: Buffer, take: (line: string) => void): number {
    const end = bytes.indexOf('\r\n')
    if (end < 0) return 0
    take(bytes.toString('latin1', 0, end))
    return end + 2
  }

  #finish(): void {
    const trailers = this.#trailers
    this.#trailers = []
    this.#state = 'head'
    this.#listener.onEnd(trailers)
  }
}

/** How far a body goes by the headers alone (RFC 9112 6.3); `undefined` where they do not tell. */
export function framingOf(headers: HeaderList): number | 'chunked' | undefined {
  const coding = headerValue(headers, 'transfer-encoding')
  if (coding !== undefined && /(?:^|,)\s*chunked\s*$/i.test(coding)) return 'chunked'
  const length = headerValue(headers, 'content-length')
  return coding === undefined && length !== undefined && /^\d+$/.test(length)
    ? Number(length)
    : undefined
}

function pair(line: string): [string, string] {
  const colon = line.indexOf(':')
  if (colon <= 0) throw new Error(`${line} is no header.`)
  let start = colon + 1
  let end = line.length
  while (isBlank(line.charCodeAt(start))) start += 1
  while (end > start && isBlank(line.charCodeAt(end - 1))) end -= 1
  return [line.slice(0, colon), line.slice(start, end)]
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9
}
