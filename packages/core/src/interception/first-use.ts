import net from 'node:net'
import { listen } from './clients/channel.ts'
import { markOwn } from './clients/undici-listeners.ts'

/** What nock's engine keeps its shared parts in, where it finds one. */
const registryName = '__MSW_INTERCEPTORS_REGISTRY'
// Earlier than these nothing is told of a request, and nothing of it has been done.
const channels = ['http.client.request.created', 'undici:request:create']

const overNodes = new WeakSet<object>()

/** Waits for the first use of the network. */
export interface FirstUse {
  /** Takes over now, if that has not been done. */
  takeOver(): void
  /** Whether it goes on, and nobody else has a say in how sockets connect. */
  isWaiting(): boolean
  /** Ends the wait, or where it was over, what it has left behind. */
  release(): void
}

/**
 * Takes over the network at the first need: when a request is made or a socket connects, before
 * anything of it goes out, and when nock's engine is applied by somebody else, so that what is on
 * top of what does not depend on who came first. Until then it costs next to nothing.
 *
 * @param takeOver patches what has to be patched, and may load what it needs; where it throws, so
 * does the connection that called for it, and the wait goes on
 * @param onMessage hears of the request that called for it, after that
 * @param alone whether a socket needs nothing to be taken over: it was connected in another way, or
 * is to be connected as always
 * @param isLater whether what a channel tells of need not be taken over yet
 */
export function atFirstUse(
  takeOver: () => void,
  {
    onMessage,
    isLater,
    alone,
  }: {
    onMessage?: (channel: string, message: unknown) => void
    isLater?: (message: unknown) => boolean
    alone?: (socket: net.Socket, args: readonly unknown[]) => 'connected' | 'as always' | undefined
  } = {},
): FirstUse {
  const { prototype } = net.Socket
  const native = connectOf(prototype)
  const isNodes = isNodesOwn(native)
  let next = native
  let isWaiting = true
  // It stays below whatever is put on top of it, which calls it, or puts it back, later on.
  const connect = function connect(this: net.Socket, ...args: unknown[]): unknown {
    if (!isWaiting) return Reflect.apply(next, this, args)
    const how = alone?.(this, args)
    if (how === 'connected') return this
    if (how === 'as always') return Reflect.apply(next, this, args)
    // `tls.connect` passes on what it found, and the engine looks for what it has put in its place.
    const start = startOf(this)
    use()
    const given = args.map((one) => (start === undefined || one !== start ? one : startOf(this)))
    return Reflect.apply(next, this, given)
  }

  function use(): void {
    if (!isWaiting) return
    isWaiting = false
    const theirs = connectOf(prototype)
    try {
      Reflect.set(prototype, 'connect', native)
      takeOver()
      next = connectOf(prototype)
    } catch (error) {
      isWaiting = true
      next = native
      throw error
    } finally {
      if (theirs !== connect || isWaiting) Reflect.set(prototype, 'connect', theirs)
    }
    unwatch()
  }

  function unwatch(): void {
    for (const release of releases) release()
  }

  if (isNodes) overNodes.add(connect)
  Reflect.set(prototype, 'connect', connect)
  const releases = channels.map((channel) =>
    listen(
      channel,
      markOwn((message: unknown) => {
        if (isLater?.(message) === true) return
        use()
        onMessage?.(channel, message)
      }),
    ),
  )
  releases.push(watchRegistry(use))
  return {
    takeOver: use,
    isWaiting: () => isWaiting && isNodes && connectOf(prototype) === connect,
    release() {
      isWaiting = false
      next = native
      unwatch()
      if (connectOf(prototype) === connect) Reflect.set(prototype, 'connect', native)
    },
  }
}

/** Calls back before somebody applies an engine of nock's kind, which looks for a shared part first. */
function watchRegistry(onUse: () => void): () => void {
  const registry: unknown = Reflect.get(globalThis, registryName) ?? new Map()
  if (!(registry instanceof Map)) return () => {}
  Reflect.set(globalThis, registryName, registry)
  const below = Object.getOwnPropertyDescriptor(registry, 'get')
  const get = (name: unknown): unknown => {
    release()
    onUse()
    return registry.get(name)
  }
  const release = (): void => {
    if (registry.get !== get) return
    if (below === undefined) Reflect.deleteProperty(registry, 'get')
    else Object.defineProperty(registry, 'get', below)
  }
  registry.get = get
  return release
}

function connectOf(socket: net.Socket): (...args: never) => unknown {
  return Reflect.get(socket, 'connect')
}

/** Whether a `connect` is Node's, or one of ours on top of it that somebody has put back. */
function isNodesOwn(connect: () => unknown): boolean {
  if (overNodes.has(connect)) return true
  return Function.prototype.toString.call(connect).includes('normalizedArgsSymbol')
}

/** What begins the handshake of a TLS socket. */
function startOf(socket: net.Socket): unknown {
  return Reflect.get(socket, '_start')
}
