import http from 'node:http'
import net from 'node:net'
import tls from 'node:tls'

/**
 * Remembers what the engine is about to patch. The engine gives the values back, but not all the
 * property descriptors; the function returned here gives these back, wherever the value is the very
 * one that was there before.
 */
export function rememberGlobals(): () => void {
  const remembered = patched().flatMap(([owner, keys]) =>
    keys.map((key) => {
      // Node defines its web globals when they are first read.
      Reflect.get(owner, key)
      return { owner, key, descriptor: Object.getOwnPropertyDescriptor(owner, key) }
    }),
  )
  return () => {
    for (const { owner, key, descriptor } of remembered) {
      const now = Object.getOwnPropertyDescriptor(owner, key)
      const isSameValue = descriptor?.get === now?.get && descriptor?.value === now?.value
      if (descriptor !== undefined && isSameValue) Object.defineProperty(owner, key, descriptor)
    }
  }
}

function patched(): [owner: object, keys: string[]][] {
  return [
    [globalThis, ['fetch', 'Headers', 'Request', 'Response']],
    [Headers.prototype, ['append', 'delete', 'set']],
    [http.Agent.prototype, ['addRequest']],
    [net.Socket.prototype, ['connect']],
    [tls.TLSSocket.prototype, ['_start', '_wrapHandle']],
  ]
}
