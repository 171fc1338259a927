import http2 from 'node:http2'
import { syncBuiltinESMExports } from 'node:module'

interface InternalConnection {
  run<T>(callback: () => T): T
}

/**
 * Lets `node:http2` connect past the engine, which would make it hang: an HTTP/2 session reads its
 * socket's native handle, where the engine's are not connected.
 */
export function exemptHttp2(): () => void {
  const connect = http2.connect
  const exempt = (...args: Parameters<typeof connect>) => {
    const internal: InternalConnection | undefined = Reflect.get(
      globalThis,
      '__MSW_INTERNAL_CONNECTION_CONTEXT',
    )
    return internal === undefined ? connect(...args) : internal.run(() => connect(...args))
  }
  http2.connect = Object.assign(exempt, connect)
  syncBuiltinESMExports()
  return () => {
    http2.connect = connect
    syncBuiltinESMExports()
  }
}
