import http2 from 'node:http2'
import { syncBuiltinESMExports } from 'node:module'
import { Duplex } from 'node:stream'
import type { RequestHandler } from '../model/interceptor.ts'

interface InternalConnection {
  run<T>(callback: () => T): T
}

/**
 * Lets `node:http2` connect past the engine, which would make it hang (an HTTP/2 session reads its
 * socket's native handle, where the engine's are not connected), unless its claim refuses that:
 * HTTP/2 is not recorded.
 *
 * @returns gives `connect` back
 */
export function watchHttp2(handler: RequestHandler): () => void {
  const { connect } = http2
  const watched = (...args: Parameters<typeof connect>) => {
    const [authority] = args
    const head = { method: 'CONNECT', url: new URL(authority).href, headers: [] }
    const refusal = handler()?.refuse(head)
    if (refusal !== undefined) {
      const session = connect(authority, { createConnection: unconnected })
      // Later, when the application listens to its session.
      process.nextTick(() => session.destroy(refusal))
      return session
    }
    const internal: InternalConnection | undefined = Reflect.get(
      globalThis,
      '__MSW_INTERNAL_CONNECTION_CONTEXT',
    )
    return internal === undefined ? connect(...args) : internal.run(() => connect(...args))
  }
  http2.connect = Object.assign(watched, connect)
  syncBuiltinESMExports()
  return () => {
    http2.connect = connect
    syncBuiltinESMExports()
  }
}

function unconnected(): Duplex {
  return new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() })
}
