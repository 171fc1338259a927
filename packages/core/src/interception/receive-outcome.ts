import type { TimedBytes } from '../model/body.ts'
import type { HeaderList } from '../model/header-list.ts'
import type { ConnectionFailure, Outcome, ResponseHead } from '../model/interceptor.ts'
import type { Connection } from './connection.ts'
import { framingOf, MessageReader, type Framing } from './message-reader.ts'

/**
 * Listens to the real server's answer to the present request of a connection, without holding it
 * up.
 *
 * @param leave when it fires, what came over a connection that has left HTTP is taken for all
 * @returns what came, once it is complete or the connection is gone; empty where it is not HTTP/1
 */
export function receiveOutcome(
  connection: Connection,
  method: string,
  leave: AbortSignal,
): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const { real, socket } = connection
  if (real === undefined) return Promise.resolve({ error: 'no answer' })
  const response = new ResponseReader(connection, method, () => finish())
  const finish = (error?: ConnectionFailure): void => {
    stop()
    resolve(response.outcome(error))
  }
  const onData = (bytes: Buffer): void => {
    try {
      response.read(bytes)
    } catch {
      stop()
      resolve({})
    }
  }
  const onEnd = (): void => finish(response.end() ? undefined : 'closed')
  const onError = (error: Error): void => finish(error)
  // The client has gone while the server had more to say.
  const onClose = (): void => finish('no answer')
  const onLeave = (): void => {
    if (response.hasLeftHttp) finish('no answer')
  }
  const stop = (): void => {
    real
      .removeListener('data', onData)
      .removeListener('end', onEnd)
      .removeListener('error', onError)
    socket.removeListener('close', onClose)
    leave.removeEventListener('abort', onLeave)
  }
  // Before the client hears the bytes: what it says to them comes after them.
  real.prependListener('data', onData).on('end', onEnd).on('error', onError)
  socket.on('close', onClose)
  leave.addEventListener('abort', onLeave)
  return promise
}

/** Puts a response together from the bytes of its connection. */
class ResponseReader {
  readonly #connection: Connection
  readonly #method: string
  readonly #reader: MessageReader
  readonly #informational: ResponseHead[] = []
  readonly #chunks: TimedBytes[] = []
  #head: ResponseHead | undefined
  #headAt = 0
  #trailers: HeaderList = []
  #isComplete = false

  /** @param onComplete called with the last byte */
  constructor(connection: Connection, method: string, onComplete: () => void) {
    this.#connection = connection
    this.#method = method
    this.#reader = new MessageReader({
      onHead: (startLine, headers) => this.#onHead(startLine, headers),
      onBody: (bytes, isContinued) => this.#onBody(bytes, isContinued),
      onEnd: (trailers) => {
        if (this.#head === undefined) return
        this.#trailers = trailers
        this.#isComplete = true
        onComplete()
      },
    })
  }

  get hasLeftHttp(): boolean {
    return this.#head?.status === 101
  }

  /** @throws Error where the bytes are no HTTP/1 response */
  read(bytes: Buffer): void {
    if (!this.#isComplete) this.#reader.read(bytes)
  }

  /** @returns whether the server may end the connection here */
  end(): boolean {
    return this.#reader.end() || this.hasLeftHttp
  }

  /** @param error why no more came */
  outcome(error: ConnectionFailure | undefined): Outcome {
    const head = this.#head
    if (head === undefined) return { error: error ?? 'closed' }
    const response = {
      ...head,
      ...(this.#informational.length === 0 ? {} : { informational: this.#informational }),
      chunks: this.#chunks,
      ...(this.#trailers.length === 0 ? {} : { trailers: this.#trailers }),
    }
    if (this.#isComplete || error === undefined) return { response }
    return error === 'no answer'
      ? { response: { ...response, truncated: true } }
      : { response, error }
  }

  #onHead(startLine: string, headers: HeaderList): Framing {
    const [, version, status, statusText = ''] =
      /^HTTP\/(1\.\d) (\d{3})(?: (.*))?$/.exec(startLine) ?? []
    if (status === undefined) throw new Error(`${startLine} is no status line.`)
    const head: ResponseHead = {
      ...(version === '1.0' ? { httpVersion: '1.0' } : {}),
      status: Number(status),
      statusText,
      headers,
    }
    if (head.status < 200 && head.status !== 101) {
      this.#informational.push(head)
      return 0
    }
    this.#head = head
    this.#headAt = performance.now()
    if (head.status === 101) {
      this.#connection.leaveHttp()
      return 'raw'
    }
    return hasNoBody(this.#method, head.status) ? 0 : (framingOf(headers) ?? 'until close')
  }

  #onBody(bytes: Buffer, isContinued: boolean): void {
    // A pause amid what the server sent as one is the network's.
    const before = isContinued ? this.#chunks.at(-1) : undefined
    const afterMs = before?.afterMs ?? Math.round(performance.now() - this.#headAt)
    const afterSent = this.#connection.bytesAfterUpgrade
    this.#chunks.push({ afterMs, ...(this.hasLeftHttp ? { afterSent } : {}), bytes })
  }
}

function hasNoBody(method: string, status: number): boolean {
  const isTunnel = method === 'CONNECT' && status < 300
  return method === 'HEAD' || status === 204 || status === 304 || isTunnel
}
