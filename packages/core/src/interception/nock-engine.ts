import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'
import { acceptForeignSignals } from './accept-foreign-signals.ts'

/** The part of a `request` event of nock's engine that Cassette uses. */
export interface EngineRequest {
  readonly request: Request
  readonly requestId: string
  readonly controller: EngineController
  /** The `Request` of a fetch, a ClientRequest, or the server's side of the socket. */
  readonly initiator: unknown
}

/** The `readyState` of a controller that nobody has used yet. */
export const undecided = 0
/** That of one whose request has been answered. */
export const decided = 2

/** Decides one request. */
export interface EngineController {
  readyState: number
  respondWith(response: Response): void
  errorWith(error?: unknown): void
  passthrough(): Promise<void> | void
}

/** A client's socket that the engine has intercepted. */
export interface EngineConnection {
  /** What the client connects with; the connection to the server is made of it too. */
  readonly connectionOptions: { ALPNProtocols?: unknown; rejectUnauthorized?: boolean }
  /** Its server's side: what it hears, the client wrote. */
  readonly socket: Duplex
  readonly controller: {
    readonly readyState: number
    /** Takes the server's place for what the client sent since the last answer. */
    claim(): void
    /** Sends it to the server instead, over the socket that is returned. */
    passthrough(...rest: unknown[]): Duplex
    /** Gets ready for the next request. */
    reset(): void
  }
}

interface Emitter<Events> {
  on<Type extends keyof Events>(type: Type, listener: (event: Events[Type]) => void): unknown
  listenerCount(type: keyof Events): number
}

interface HttpInterceptor extends Emitter<{ request: EngineRequest }> {
  apply(): void
  dispose(): void
}

type SocketInterceptor = Emitter<{ connection: EngineConnection }>

interface Singletons {
  singleton(type: unknown): SocketInterceptor
}

interface Classes {
  FetchRequest: Parameters<typeof acceptForeignSignals>[0]
  FetchResponse: NockEngine['Response']
}

interface Nock {
  isActive(): boolean
  activate(): void
  restore(): void
}

/** nock's engine (`@mswjs/interceptors`): the very copy that nock itself resolves. */
export interface NockEngine {
  /** HTTP requests and responses of the process. */
  readonly http: HttpInterceptor
  /** Client sockets of the process. */
  readonly sockets: SocketInterceptor
  /** A Response that takes any status and keeps raw headers. */
  readonly Response: new (body: ReadableStream | null, init: ResponseInit) => Response
  /** To be called whenever it has patched: it gives its Request another parent then. */
  acceptForeignSignals(): void
  /** Whether somebody listens to requests already. */
  hasListeners(): boolean
  /** Puts nock's own listener behind those that are there now; does nothing while nock is off. */
  moveNockLast(): void
}

let loaded: NockEngine | undefined

/**
 * Loads nock's engine, at the first need. nock itself is loaded only to put its
 * listener behind ours, which is to say: only when somebody is there already.
 */
export function nockEngine(): NockEngine {
  loaded ??= load()
  return loaded
}

function load(): NockEngine {
  const requireHere = createRequire(import.meta.url)
  const requireOfNock = createRequire(requireHere.resolve('nock'))
  const { FetchRequest, FetchResponse }: Classes = requireOfNock('@mswjs/interceptors')
  const { HttpRequestInterceptor }: { HttpRequestInterceptor: new () => HttpInterceptor } =
    requireOfNock('@mswjs/interceptors/http')
  const { SocketInterceptor }: { SocketInterceptor: Singletons } =
    requireOfNock('@mswjs/interceptors/net')
  return {
    http: new HttpRequestInterceptor(),
    sockets: SocketInterceptor.singleton(SocketInterceptor),
    Response: FetchResponse,
    acceptForeignSignals: () => acceptForeignSignals(FetchRequest),
    hasListeners,
    moveNockLast() {
      const { default: nock }: { default: Nock } = requireHere('nock')
      if (!nock.isActive()) return
      nock.restore()
      nock.activate()
    },
  }
}

function hasListeners(): boolean {
  return (requestSource()?.listenerCount('request') ?? 0) > 0
}

// The engine keeps its shared sources here, so that all its users meet at one of them.
function requestSource(): Emitter<{ request: EngineRequest }> | undefined {
  const registry: Map<symbol, Emitter<{ request: EngineRequest }>> | undefined = Reflect.get(
    globalThis,
    '__MSW_INTERCEPTORS_REGISTRY',
  )
  return registry?.get(Symbol.for('node-http-request-source'))
}
