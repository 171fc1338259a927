import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'
import { loadLate } from '../../load-late.ts'
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

/** What a client connects with, as far as Cassette uses it. */
export interface ConnectionOptions {
  ALPNProtocols?: unknown
  readonly rejectUnauthorized?: boolean
  readonly protocol?: string
  readonly host?: string
  readonly port?: number | string
}

/** A client's socket that the engine has intercepted. */
export interface EngineConnection {
  /** What the client connects with; the connection to the server is made of it too. */
  readonly connectionOptions: ConnectionOptions
  /** Its server's side: what it hears, the client wrote. Listeners get what is set here. */
  socket: Duplex
  readonly controller: {
    readonly readyState: number
    /** Takes the server's place for what the client sent since the last answer. */
    claim(): void
    /** Sends it to the server instead, over the socket that is returned. */
    passthrough(...rest: unknown[]): Duplex
    /** Gets ready for the next request. */
    reset(): void
    /** The same, just before the client says more. */
    scheduleReset(): void
    /** Keeps what comes from the server back until `uncorkReads`. */
    corkReads(): void
    uncorkReads(): void
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

interface SocketInterceptor {
  listenerCount(type: 'connection'): number
  readonly emitter: { readonly hooks: Hooks }
}

interface Hooks {
  on(type: 'beforeEmit', hook: (event: EngineConnection) => void): void
  removeListener(type: 'beforeEmit', hook: (event: EngineConnection) => void): void
}

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
  activeMocks(): readonly unknown[]
  readonly emitter: { listenerCount(event: 'no match'): number }
}

type RequestSource = Emitter<{ request: EngineRequest; response: unknown }>

/** nock's engine (`@mswjs/interceptors`): the very copy that nock itself resolves. */
export interface NockEngine {
  /** HTTP requests and responses of the process. */
  readonly http: HttpInterceptor
  /**
   * Tells of every client socket of the process, before anybody else on the engine hears of it.
   *
   * @returns ends it
   */
  onConnection(listener: (event: EngineConnection) => void): () => void
  /** A Response that takes any status and keeps raw headers. */
  readonly Response: new (body: ReadableStream | null, init: ResponseInit) => Response
  /** To be called whenever it has patched: it gives its Request another parent then. */
  acceptForeignSignals(): void
  /**
   * Whether, once Cassette listens, somebody else wants to hear of requests too. nock does not while
   * it has no stubs: all that it could do is refuse.
   */
  hasOthers(): boolean
  /** Puts nock's own listener behind those that are there now; does nothing while nock is off. */
  moveNockLast(): void
}

let loaded: NockEngine | undefined

/**
 * Loads nock's engine, at the first need. nock itself is loaded only to put its
 * listener behind ours, which is to say: only when somebody is there already.
 */
export function nockEngine(): NockEngine {
  loaded ??= loadLate(load)
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
  const sockets = SocketInterceptor.singleton(SocketInterceptor)
  const loadNock = (): Nock => {
    const { default: nock }: { default: Nock } = loadLate(() => requireHere('nock'))
    return nock
  }
  let source: RequestSource | undefined
  return {
    http: new HttpRequestInterceptor(),
    onConnection(listener) {
      const told = new WeakSet<EngineConnection>()
      // Called before each listener of an event.
      const hook = (event: EngineConnection): void => {
        if (told.has(event)) return
        told.add(event)
        listener(event)
      }
      source = requestSource()
      sockets.emitter.hooks.on('beforeEmit', hook)
      return () => sockets.emitter.hooks.removeListener('beforeEmit', hook)
    },
    Response: FetchResponse,
    acceptForeignSignals: () => acceptForeignSignals(FetchRequest),
    hasOthers() {
      // Another copy of the engine puts itself in the place of this one.
      if (source === undefined || source !== requestSource()) return true
      if (sockets.listenerCount('connection') > 1 || source.listenerCount('response') > 0)
        return true
      const others = source.listenerCount('request') - 1
      return others > 0 && (others !== listenersOfNock || wantsRequests(loadNock()))
    },
    moveNockLast() {
      const nock = loadNock()
      if (!nock.isActive()) return
      nock.restore()
      nock.activate()
    },
  }
}

// One for `node:http` and one for `fetch`.
const listenersOfNock = 2

function wantsRequests(nock: Nock): boolean {
  const isQuiet = nock.activeMocks().length === 0 && nock.emitter.listenerCount('no match') === 0
  return !nock.isActive() || !isQuiet
}

/** Whether somebody listens to requests on it already; tells without loading it. */
export function hasEngineListeners(): boolean {
  return (requestSource()?.listenerCount('request') ?? 0) > 0
}

// The engine keeps its shared sources here, so that all its users meet at one of them.
function requestSource(): RequestSource | undefined {
  const registry: Map<symbol, RequestSource> | undefined = Reflect.get(
    globalThis,
    '__MSW_INTERCEPTORS_REGISTRY',
  )
  return registry?.get(Symbol.for('node-http-request-source'))
}
