import http2 from 'node:http2'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { Duplex } from 'node:stream'
import util from 'node:util'
import { URL } from 'node:url'
import type { RequestHandler } from '../../model/interceptor.ts'
import { pastEngine } from '../engine/internal-connection.ts'
import { originOf } from '../wire/origin-of.ts'

/**
 * Lets `node:http2` connect past the engine, which would make it hang (an HTTP/2 session reads its
 * socket's native handle, where the engine's are not connected), unless its claim refuses that:
 * HTTP/2 is not recorded. Somebody may have taken `connect` out of the module before, so sockets are
 * asked as well who connects them.
 *
 * @returns gives `connect` back
 */
export function watchHttp2(handler: RequestHandler): () => void {
  const { connect } = http2
  let isWatched = false
  const refusalOf = (authority: string | URL, options?: unknown): Error | undefined => {
    const head = { method: 'CONNECT', url: urlOf(authority, options), headers: [] }
    return handler()?.refuse(head)
  }
  const watched = (...args: Parameters<typeof connect>) => {
    const [authority, options] = args
    const refusal = refusalOf(authority, options)
    if (refusal !== undefined) {
      const session = connect(authority, { createConnection: unconnected })
      // Later, when the application listens to its session.
      process.nextTick(() => session.destroy(refusal))
      return session
    }
    isWatched = true
    try {
      return pastEngine(() => connect(...args))
    } finally {
      isWatched = false
    }
  }
  http2.connect = Object.assign(watched, connect)
  syncBuiltinESMExports()
  const release = watchSockets(() => isWatched, refusalOf)
  return () => {
    release()
    http2.connect = connect
    syncBuiltinESMExports()
  }
}

/** Does the same for those who took `connect` of `node:http2` before it was replaced. */
function watchSockets(
  isWatched: () => boolean,
  refusalOf: (authority: string) => Error | undefined,
): () => void {
  const { prototype } = net.Socket
  const below: (...args: never) => unknown = Reflect.get(prototype, 'connect')
  const watched = function connect(this: net.Socket, ...args: unknown[]): unknown {
    const go = (): unknown => Reflect.apply(below, this, args)
    if (isWatched() || !isFromHttp2()) return go()
    const refusal = refusalOf(authorityOf(this, args))
    if (refusal === undefined) return pastEngine(go)
    // The session waits for its socket to connect.
    Object.assign(this, { connecting: true })
    process.nextTick(() => this.destroy(refusal))
    return this
  }
  Reflect.set(prototype, 'connect', watched)
  return () => {
    if (Reflect.get(prototype, 'connect') === watched) Reflect.set(prototype, 'connect', below)
  }
}

/** Node takes any object that has the parts of a URL, and other names and defaults for some of them. */
function urlOf(authority: string | URL, options: unknown): string {
  if (typeof authority === 'string' || authority instanceof URL) return new URL(authority).href
  const of = (name: string): string => String(Reflect.get(authority, name) || '')
  const protocol = of('protocol') || String(Reflect.get(Object(options), 'protocol') || 'https:')
  const host = (of('hostname') || of('host') || 'localhost').replace(/^\[(.*)\]$/, '$1')
  return `${originOf({ protocol, host, port: of('port') }, protocol === 'https:')}/`
}

function isFromHttp2(): boolean {
  return util
    .getCallSites(12)
    .some(
      ({ scriptName, functionName }) =>
        functionName === 'connect' && scriptName === 'node:internal/http2/core',
    )
}

function authorityOf(socket: net.Socket, [first]: unknown[]): string {
  const options: unknown = Array.isArray(first) ? first[0] : first
  const { host = 'localhost', port = '' }: { host?: unknown; port?: unknown } = Object(options)
  return `${'encrypted' in socket ? 'https' : 'http'}://${String(host)}:${String(port)}`
}

function unconnected(): Duplex {
  return new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() })
}
