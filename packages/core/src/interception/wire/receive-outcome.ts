import type { Duplex } from 'node:stream'
import { FrameCutter } from '../../model/frame-cutter.ts'
import { headerName, wireText, type HeaderList } from '../../model/header-list.ts'
import type {
  ConnectionFailure,
  Outcome,
  RecordSignals,
  ResponseHead,
} from '../../model/interceptor.ts'
import { onAbort } from '../../model/on-abort.ts'
import { realElapsed } from '../../model/real-timers.ts'
import type { TimedBytes } from '../../model/timed-bytes.ts'
import { isWebSocket } from '../../model/websocket-frame.ts'
import { hasNoBody } from './has-no-body.ts'
import { framingOf, MessageReader, type Framing } from './message-reader.ts'
import type { UpgradedClient } from './upgraded-client.ts'

/** The connection that an answer comes over. */
export interface AnsweringConnection {
  /** The client's. */
  readonly socket: Duplex
  /** What the server's bytes come from, once there is a connection to it; it may be the client's. */
  readonly real: Duplex | undefined
  /** Says why no more came, where the connection tells of an error. */
  failure(error: Error): ConnectionFailure
  /** What of the bytes that come from `real` has not come before: a client may have put some back. */
  fresh(bytes: Buffer): Buffer
  /**
   * Takes what comes from now on for another protocol than HTTP.
   *
   * @returns what the client says in it
   */
  leaveHttp(toWebSocket: boolean): UpgradedClient
}

/**
 * Listens to the real server's answer to the present request of a connection, without holding it
 * up.
 *
 * @returns what came, once it is complete or the connection is gone; empty where it is not HTTP/1
 */
export function receiveOutcome(
  connection: AnsweringConnection,
  method: string,
  { begun, leave }: RecordSignals,
): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const { real, socket } = connection
  if (real === undefined) return Promise.resolve({ error: 'no answer' })
  let stay: (() => void) | undefined
  const response = new ResponseReader(connection, method, {
    onHead: begun,
    onComplete: () => finish(),
    onLeaveHttp: () => {
      stay = onAbort(leave, () => finish('no answer'))
    },
  })
  const finish = (error?: ConnectionFailure): void => {
    stop()
    resolve(response.outcome(error))
  }
  const onData = (bytes: Buffer): void => {
    try {
      response.read(connection.fresh(bytes))
    } catch {
      stop()
      resolve({})
    }
  }
  const onEnd = (): void => finish(response.end() ? undefined : 'closed')
  const onError = (error: Error): void => finish(connection.failure(error))
  // The client has gone while the server had more to say.
  const onClose = (): void => finish('no answer')
  const stop = (): void => {
    real
      .removeListener('data', onData)
      .removeListener('end', onEnd)
      .removeListener('error', onError)
    socket.removeListener('close', onClose)
    stay?.()
  }
  // Before the client hears of it: what it does then comes after it.
  real
    .prependListener('data', onData)
    .prependListener('end', onEnd)
    .prependListener('error', onError)
  socket.on('close', onClose)
  return promise
}

interface ResponseListener {
  /** Called with the head that is not a 1xx one, but for a 101. */
  onHead(): void
  /** Called with the last byte. */
  onComplete(): void
  /** Called where the connection leaves HTTP instead. */
  onLeaveHttp(): void
}

/** Puts a response together from the bytes of its connection. */
class ResponseReader {
  readonly #connection: AnsweringConnection
  readonly #method: string
  readonly #listener: ResponseListener
  readonly #reader: MessageReader
  readonly #informational: ResponseHead[] = []
  readonly #chunks: TimedBytes[] = []
  #head: ResponseHead | undefined
  #headAt = 0
  #trailers: HeaderList = []
  #hasBytes = false
  #isComplete = false
  /** Once the connection has left HTTP. */
  #client: UpgradedClient | undefined
  /** Where it has become a WebSocket. */
  #cutter: FrameCutter | undefined

  constructor(connection: AnsweringConnection, method: string, listener: ResponseListener) {
    this.#connection = connection
    this.#method = method
    this.#listener = listener
    this.#reader = new MessageReader({
      onHead: (startLine, headers) => this.#onHead(startLine, headers),
      onBody: (bytes, isContinued) => this.#onBody(bytes, isContinued),
      onEnd: (trailers) => {
        if (this.#head === undefined) return
        checkHeaders(trailers)
        this.#trailers = trailers
        this.#isComplete = true
        listener.onComplete()
      },
    })
  }

  /** @throws Error where the bytes are no HTTP/1 response */
  read(bytes: Buffer): void {
    this.#hasBytes = true
    if (!this.#isComplete) this.#reader.read(bytes)
  }

  /** @returns whether the server may end the connection here */
  end(): boolean {
    if (this.#client === undefined) return this.#reader.end()
    this.#keepRest()
    // A server that ends without another word may have waited for one of the client.
    const said = this.#chunks.at(-1)?.afterSent ?? 0
    if (this.#client.sent > said) this.#keep(Buffer.alloc(0))
    return true
  }

  /** @param error why no more came */
  outcome(error: ConnectionFailure | undefined): Outcome {
    const head = this.#head
    // A client that goes after bytes which are no response had its own reasons to.
    if (head === undefined && this.#hasBytes && error === 'no answer') return {}
    if (head === undefined) return { error: error ?? 'closed' }
    this.#keepRest()
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
      /^HTTP\/(1\.\d) ([1-9]\d\d)(?: (.*))?$/.exec(startLine) ?? []
    if (status === undefined || !wireText.test(statusText)) {
      throw new Error(`${startLine} is no status line.`)
    }
    checkHeaders(headers)
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
    this.#headAt = realElapsed()
    this.#listener.onHead()
    if (head.status === 101) {
      const toWebSocket = isWebSocket(headers)
      if (toWebSocket) this.#cutter = new FrameCutter()
      this.#client = this.#connection.leaveHttp(toWebSocket)
      this.#listener.onLeaveHttp()
      return 'raw'
    }
    return hasNoBody(this.#method, head) ? 0 : (framingOf(headers) ?? 'until close')
  }

  #onBody(bytes: Buffer, isContinued: boolean): void {
    const frames = this.#cutter?.cut(bytes)
    if (frames === undefined) this.#keep(bytes, isContinued)
    else for (const frame of frames) this.#keep(frame)
  }

  /** Keeps what came of a frame that will not be whole. */
  #keepRest(): void {
    const rest = this.#cutter?.rest
    this.#cutter = undefined
    if (rest !== undefined && rest.length > 0) this.#keep(rest)
  }

  #keep(bytes: Buffer, isContinued = false): void {
    // A pause amid what the server sent as one is the network's.
    const before = isContinued ? this.#chunks.at(-1) : undefined
    const afterMs = before?.afterMs ?? Math.round(realElapsed() - this.#headAt)
    const sent = this.#client && { afterSent: this.#client.sent }
    // The client gets these very bytes, and may change them.
    this.#chunks.push({ afterMs, ...sent, bytes: Buffer.from(bytes) })
  }
}

/** @throws Error for what no client takes: it could not be stored */
function checkHeaders(headers: HeaderList): void {
  for (const [name, value] of headers) {
    if (!headerName.test(name) || !wireText.test(value)) throw new Error(`${name} is no header.`)
  }
}
