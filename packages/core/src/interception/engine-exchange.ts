import { errorMonitor } from 'node:events'
import type { Duplex } from 'node:stream'
import { headerValue, type HeaderList } from '../model/header-list.ts'
import type { Exchange, ReceivedResponse, RequestHead } from '../model/interceptor.ts'
import type { EngineController, EngineRequest, NockEngine } from './nock-engine.ts'
import { rawHeaders } from './raw-headers.ts'
import { ReceivedBody } from './received-body.ts'

// A test's fake timers must not stop the clock here.
const { setImmediate: nextTurn, setTimeout: startTimer, clearTimeout: stopTimer } = globalThis

/** One request of nock's engine as an Exchange. */
export class EngineExchange implements Exchange {
  readonly method: string
  readonly url: string
  readonly headers: HeaderList
  readonly #engine: NockEngine
  readonly #request: Request
  readonly #controller: EngineController
  readonly #socket: Duplex | undefined
  readonly #received = Promise.withResolvers<ReceivedResponse | undefined>()
  #body: ReceivedBody | undefined

  /** @param socket the client's, where it is known */
  constructor(
    engine: NockEngine,
    head: RequestHead,
    { request, controller }: EngineRequest,
    socket: Duplex | undefined,
  ) {
    this.method = head.method
    this.url = head.url
    this.headers = head.headers
    this.#engine = engine
    this.#request = request
    this.#controller = controller
    this.#socket = socket
  }

  async body(): Promise<Buffer> {
    if (this.#request.body === null) return Buffer.alloc(0)
    // The client waits for this before it sends the body (RFC 9110 10.1.1).
    if (headerValue(this.headers, 'expect')?.toLowerCase() === '100-continue') {
      this.#socket?.push('HTTP/1.1 100 Continue\r\n\r\n')
    }
    // Others on the engine may want to read it too.
    return Buffer.from(await this.#request.clone().arrayBuffer())
  }

  respond(response: ReceivedResponse): void {
    const { status, statusText, headers } = response
    if (!this.#isOpen()) return
    if (this.#socket !== undefined) keepDestroy(this.#socket)
    const list = new Headers()
    for (const [name, value] of headers) list.append(name, value)
    const hasBody = response.chunks.length > 0 || response.truncated === true
    const body = hasBody ? streamOf(response) : null
    this.#controller.respondWith(
      new this.#engine.Response(body, { status, statusText, headers: list }),
    )
  }

  fail(error: Error): void {
    if (this.#isOpen()) this.#controller.errorWith(error)
  }

  passthrough(): void {
    if (this.#isOpen()) void this.#controller.passthrough()
  }

  async record(): Promise<ReceivedResponse | undefined> {
    if (!this.#isOpen()) return undefined
    const socket = this.#socket
    let error: Error | undefined
    const onError = (reason: Error) => {
      error = reason
    }
    const onClose = () => {
      // Only the system's errors have a `syscall`; a client destroys its socket with its own or none.
      const isClients = socket?.readableEnded === false && !(error && 'syscall' in error)
      // Bytes that came with the end are still on their way through the engine's parser.
      setImmediate(() => {
        if (this.#body === undefined) this.#received.resolve(undefined)
        else this.#body.end(isClients)
      })
    }
    socket?.once(errorMonitor, onError).once('close', onClose)
    await this.#controller.passthrough()
    const response = await this.#received.promise
    socket?.removeListener(errorMonitor, onError).removeListener('close', onClose)
    return response
  }

  /** Called by the interceptor with the real response's head. Returns at once: the app is waiting. */
  onResponse(response: Response): void {
    // Informational responses come before the one that counts.
    if (response.status < 200 && response.status !== 101) return
    const { status, statusText } = response
    const headers = rawHeaders(response.headers)
    const head = { status, statusText, headers }
    // The engine's parser waits for the body that such a `Content-Length` does not announce.
    if (this.method === 'HEAD' || status === 204 || status === 304) {
      this.#received.resolve({ ...head, chunks: [] })
      return
    }
    this.#body = new ReceivedBody(response, headers)
    void this.#body.complete.then((body) => this.#received.resolve(body && { ...head, ...body }))
  }

  #isOpen(): boolean {
    return this.#controller.readyState === 0 && this.#socket?.destroyed !== true
  }
}

/**
 * Keeps how a socket is destroyed as Node made it. For its answer the engine replaces that, for
 * good, with one that never closes the socket's handle and loses the error of a later request.
 */
function keepDestroy(socket: Duplex): void {
  Object.defineProperty(socket, '_destroy', {
    configurable: true,
    get: () => Reflect.get(Object.getPrototypeOf(socket), '_destroy'),
    set() {},
  })
}

function streamOf({ chunks, truncated }: ReceivedResponse): ReadableStream<Uint8Array> {
  let at = 0
  let timer: NodeJS.Timeout | undefined
  return new ReadableStream({
    async pull(controller) {
      const chunk = chunks[at]
      // Clients join what comes in one turn, and would see one chunk where there were several.
      if (chunk !== undefined && at > 0) await new Promise((resolve) => nextTurn(resolve))
      at += 1
      if (chunk !== undefined) controller.enqueue(chunk.bytes)
      else if (truncated === undefined) controller.close()
      else {
        // Nobody knows what came next: time for the client to break off as it did, then an error.
        await new Promise((resolve) => {
          timer = startTimer(resolve, 1000)
        })
        controller.error(new Error('The recording was broken off here.'))
      }
    },
    cancel() {
      stopTimer(timer)
    },
  })
}
