import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import net from 'node:net'
import { deliver } from './clients/channel.ts'

/** What nock's engine keeps its shared parts in, where it finds one. */
const registryName = '__MSW_INTERCEPTORS_REGISTRY'
// Earlier than these nothing is told of a request, and nothing of it has been done.
const channels = ['http.client.request.created', 'undici:request:create']
// Under this symbol every copy of Cassette in the process meets.
const key = Symbol.for('@cassette/core/trap@1')

let isHttp2Taken = false

/** Whether somebody may have taken `connect` of `node:http2` between the trap and its springing. */
export function mayHoldHttp2(): boolean {
  return isHttp2Taken
}

/** The trap of a process. */
interface Trap {
  spring(): void
  /** Of the copy of Cassette that set it last. */
  owner: { takeOver(): void; deliver(channel: string, message: unknown): void }
}

/** Springs the trap of this process, where one is set. */
export function springTrap(): void {
  presentTrap()?.spring()
}

function presentTrap(): Trap | undefined {
  return Reflect.get(process, key)
}

/**
 * Takes over the network at the first need: when a request is made or a socket connects, before
 * anything of it goes out, and when nock's engine is applied by somebody else, so that what is on
 * top of what does not depend on who came first. Until then it costs next to nothing.
 *
 * @param takeOver patches what has to be patched, and may load what it needs; where it throws, so
 * does the connection that called for it, and the trap stays
 */
export function setTrap(takeOver: () => void): void {
  const present = presentTrap()
  if (present === undefined) layTrap({ takeOver, deliver })
  else present.owner = { takeOver, deliver }
}

function layTrap(owner: Trap['owner']): void {
  const trap: Trap = { spring, owner }
  const { prototype } = net.Socket
  const native = connectOf(prototype)
  let next = native
  let isSet = true
  // It stays below whatever is put on top of it, which calls it, or puts it back, later on.
  const connect = function connect(this: net.Socket, ...args: unknown[]): unknown {
    if (!isSet) return Reflect.apply(next, this, args)
    // `tls.connect` passes on what it found, and the engine looks for what it has put in its place.
    const start = startOf(this)
    spring()
    const given = args.map((one) => (start === undefined || one !== start ? one : startOf(this)))
    return Reflect.apply(next, this, given)
  }
  const onMessage = (message: unknown, channel: string | symbol): void => {
    if (!isSet) return
    spring()
    trap.owner.deliver(String(channel), message)
  }

  function spring(): void {
    if (!isSet) return
    isSet = false
    isHttp2Taken = isLoaded('http2')
    const theirs = connectOf(prototype)
    try {
      Reflect.set(prototype, 'connect', native)
      trap.owner.takeOver()
      next = connectOf(prototype)
    } catch (error) {
      isSet = true
      next = native
      throw error
    } finally {
      if (theirs !== connect || isSet) Reflect.set(prototype, 'connect', theirs)
    }
    Reflect.deleteProperty(process, key)
    for (const channel of channels) unsubscribe(channel, onMessage)
  }

  Reflect.set(prototype, 'connect', connect)
  Reflect.set(process, key, trap)
  for (const channel of channels) subscribe(channel, onMessage)
  watchRegistry(spring)
}

/** Calls back before somebody applies an engine of nock's kind, which looks for a shared part first. */
function watchRegistry(onUse: () => void): void {
  const registry: unknown = Reflect.get(globalThis, registryName) ?? new Map()
  if (!(registry instanceof Map)) return
  Reflect.set(globalThis, registryName, registry)
  const get = registry.get.bind(registry)
  registry.get = (name) => {
    Reflect.deleteProperty(registry, 'get')
    onUse()
    return get(name)
  }
}

function connectOf(socket: net.Socket): (...args: never) => unknown {
  return Reflect.get(socket, 'connect')
}

/** What begins the handshake of a TLS socket. */
function startOf(socket: net.Socket): unknown {
  return Reflect.get(socket, '_start')
}

function isLoaded(builtIn: string): boolean {
  const loaded: unknown = Reflect.get(process, 'moduleLoadList')
  return Array.isArray(loaded) && loaded.includes(`NativeModule ${builtIn}`)
}
