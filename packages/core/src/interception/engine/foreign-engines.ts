import type { ClientRequest } from 'node:http'
import type { Duplex } from 'node:stream'
import { clientSocket } from './client-socket.ts'
import type { EngineRequest } from './nock-engine.ts'

/** What the engine tells of a request; the last is there once it was answered. */
interface EngineEvent extends Pick<EngineRequest, 'request'> {
  initiator: unknown
  readonly responseType?: string
}

type Listener = (event: EngineEvent) => unknown

/** Where an engine's shared events come from. */
interface Source {
  on(type: string, listener: Listener): unknown
  removeListener(type: string, listener: Listener): unknown
}

/** That of another copy of the engine, of the version that Cassette's own has. */
interface ForeignSource {
  apply(owner?: object): void
  dispose(owner?: object): void
  readonly emitter: {
    readonly hooks: {
      on(type: 'newListener', hook: (type: string) => void, options: { persist: true }): void
    }
    emitAsPromise(event: EngineEvent): Promise<unknown>
    removeAllListeners(): void
  }
}

/** One listener of another copy. */
interface Bridge {
  readonly realm: object
  readonly type: string
  readonly listener: Listener
}

const registryName = '__MSW_INTERCEPTORS_REGISTRY'
const sourceName = Symbol.for('node-http-request-source')
// What an engine before 0.42 looks for before it patches. The first is told of `fetch` as well.
const [toldByClientRequest, toldByFetch] = [
  Symbol.for('client-request-interceptor'),
  Symbol.for('fetch-interceptor'),
]
const bridgedTypes = new Set(['request', 'response', 'unhandledException'])

const met = new WeakSet<object>()
const bridges = new Set<Bridge>()
let source: Source | undefined
let isOwn = false
let sandbox: object | undefined
let ownClass: typeof ClientRequest | undefined

/**
 * Lets other copies of nock's engine, which a user's nock or msw brings, hear of requests from the
 * copy that Cassette uses. Left alone each would patch the network on top of it, and answer, refuse
 * or let go before the cassette is asked. Has to be called before such a copy is loaded.
 *
 * @param realm a global object; copies in the sandbox of an earlier call hear no more
 */
export function meetForeignEngines(realm: object): void {
  if (realm !== globalThis && realm !== sandbox) enterSandbox(realm)
  if (met.has(realm)) return
  met.add(realm)
  meetSingletons(realm)
  meetRunningInstances(realm)
}

function enterSandbox(realm: object): void {
  for (const bridge of bridges) if (bridge.realm === sandbox) remove(bridge)
  sandbox = realm
  // A nock 14 puts a class of its own there, and one whose sandbox is gone leaves it.
  const http = process.getBuiltinModule('node:http')
  ownClass ??= http.ClientRequest
  if (http.ClientRequest !== ownClass) http.ClientRequest = ownClass
}

/** Whether any other copy wants to hear of requests. */
export function isAnyForeign(): boolean {
  return bridges.size > 0
}

/** Runs what makes Cassette's own engine register itself. */
export function asOwnEngine(apply: () => void): void {
  isOwn = true
  try {
    apply()
  } finally {
    isOwn = false
  }
}

/**
 * Tells other copies of requests, behind those who are told already.
 *
 * @returns what ends that
 */
export function tellForeignEngines(): () => void {
  const registry: Map<symbol, Source> | undefined = Reflect.get(globalThis, registryName)
  source = registry?.get(sourceName)
  for (const { type, listener } of bridges) source?.on(type, listener)
  return () => {
    for (const { type, listener } of bridges) source?.removeListener(type, listener)
    source = undefined
  }
}

function add(realm: object, type: string, tell: Listener): Bridge {
  const listener: Listener = (event) => {
    event.initiator = initiatorOf(event)
    return isOfWebSocketClass(event) ? undefined : tell(event)
  }
  const bridge = { realm, type, listener }
  bridges.add(bridge)
  source?.on(type, listener)
  return bridge
}

function remove(bridge: Bridge): void {
  bridges.delete(bridge)
  source?.removeListener(bridge.type, bridge.listener)
}

/** What a copy would know by its own patches: the ClientRequest, or the Request of a fetch. */
function initiatorOf({ initiator, request }: EngineEvent): unknown {
  if (!isDuplex(initiator)) return initiator
  const message: unknown = Reflect.get(clientSocket(initiator), '_httpMessage')
  return message ?? request
}

/**
 * Whether it is the handshake of the class `WebSocket`, which other copies replace: what comes here
 * is their own connection to the server. To be told of it would make msw open another, for ever.
 */
function isOfWebSocketClass({ initiator, request }: EngineEvent): boolean {
  return initiator === request && request.headers.get('upgrade')?.toLowerCase() === 'websocket'
}

function isDuplex(value: unknown): value is Duplex {
  return typeof value === 'object' && value !== null && 'push' in value && 'once' in value
}

/** Engines from 0.42 on keep their sources in a registry, each copy its own. */
function meetSingletons(realm: object): void {
  const known: Map<symbol, object> | undefined = Reflect.get(realm, registryName)
  const registry = known ?? new Map<symbol, object>()
  const set = registry.set.bind(registry)
  define(registry, 'set', (name: symbol, interceptor: ForeignSource) => {
    if (name !== sourceName || isOwn) return set(name, interceptor)
    adopt(realm, interceptor)
    // Cassette's own has to stay where its copy looks for it.
    return realm === globalThis && source !== undefined ? registry : set(name, interceptor)
  })
  define(realm, registryName, registry)
}

function adopt(realm: object, foreign: ForeignSource): void {
  const { emitter } = foreign
  const owners = new Set<object>()
  const own = new Map<string, Bridge>()
  const bridge = (type: string): void => {
    if (owners.size === 0 || own.has(type) || !bridgedTypes.has(type)) return
    own.set(
      type,
      add(realm, type, (event) => emitter.emitAsPromise(event)),
    )
  }
  emitter.hooks.on('newListener', bridge, { persist: true })
  foreign.apply = (owner = foreign) => {
    owners.add(owner)
  }
  foreign.dispose = (owner = foreign) => {
    owners.delete(owner)
    if (owners.size > 0) return
    emitter.removeAllListeners()
    for (const one of own.values()) remove(one)
    own.clear()
  }
}

const own = new Map<Listener, Bridge>()
/** To engines before 0.42, which give their listeners to it, an instance that runs already. */
const running = {
  emitter: {
    addListener(type: string, listener: Listener) {
      const tell: Listener = (event) =>
        listener(Object.assign(event, { isMockedResponse: event.responseType === 'mock' }))
      // What is planted outside is seen in a sandbox as well.
      own.set(listener, add(sandbox ?? globalThis, type, tell))
    },
    removeListener(_type: string, listener: Listener) {
      const bridge = own.get(listener)
      if (bridge !== undefined) remove(bridge)
      own.delete(listener)
    },
  },
}
const silent = { emitter: { addListener() {}, removeListener() {} } }

function meetRunningInstances(realm: object): void {
  // One level below the global, because an instance deletes what is there when it is disposed of.
  const below = Object.getPrototypeOf(realm) ?? realm
  define(below, toldByClientRequest, running)
  define(below, toldByFetch, silent)
}

function define(target: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(target, key, { value, configurable: true, writable: true })
}
