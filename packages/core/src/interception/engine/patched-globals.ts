import http from 'node:http'
import net from 'node:net'
import tls from 'node:tls'

const webClasses = ['Headers', 'Request', 'Response'] as const

/**
 * Remembers the web's classes, which the engine patches and a test may replace.
 *
 * @returns runs what patches them as if they were still what they were
 */
export function rememberWebClasses(): (patch: () => void) => void {
  const classes = webClasses.map((name) => ({ name, value: Reflect.get(globalThis, name) }))
  return (patch) => {
    const replaced = classes.flatMap(({ name, value }) => {
      const theirs: unknown = Reflect.get(globalThis, name)
      return theirs === value || !Reflect.set(globalThis, name, value) ? [] : { name, theirs }
    })
    try {
      patch()
    } finally {
      for (const { name, theirs } of replaced) Reflect.set(globalThis, name, theirs)
    }
  }
}

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
    [globalThis, ['fetch', ...webClasses]],
    [Headers.prototype, ['append', 'delete', 'set']],
    [http.Agent.prototype, ['addRequest']],
    [net.Socket.prototype, ['connect']],
    [tls.TLSSocket.prototype, ['_start', '_wrapHandle']],
  ]
}
