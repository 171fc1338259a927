import http from 'node:http'
import net from 'node:net'
import tls from 'node:tls'

const webClasses = ['Headers', 'Request', 'Response'] as const

/** What the engine patches, as it was before. */
export interface RememberedGlobals {
  /** Runs what patches them as if they were still what they were, whatever a test has put there. */
  patch(run: () => void): void
  /**
   * The engine gives the values back, but not all the property descriptors; this gives these back,
   * wherever the value is the very one that was there before.
   */
  restore(): void
}

/** Remembers what the engine will patch. */
export function rememberGlobals(): RememberedGlobals {
  const remembered = patched().flatMap(([owner, keys]) =>
    keys.map((key) => {
      // Node defines its web globals when they are first read.
      Reflect.get(owner, key)
      return { owner, key, descriptor: Object.getOwnPropertyDescriptor(owner, key) }
    }),
  )
  const classes = webClasses.map((name) => ({ name, value: Reflect.get(globalThis, name) }))
  return {
    patch(run) {
      const replaced = classes.flatMap(({ name, value }) => {
        const theirs: unknown = Reflect.get(globalThis, name)
        return theirs === value || !Reflect.set(globalThis, name, value) ? [] : { name, theirs }
      })
      try {
        run()
      } finally {
        for (const { name, theirs } of replaced) Reflect.set(globalThis, name, theirs)
      }
    },
    restore() {
      for (const { owner, key, descriptor } of remembered) {
        const now = Object.getOwnPropertyDescriptor(owner, key)
        const isSameValue = descriptor?.get === now?.get && descriptor?.value === now?.value
        if (descriptor !== undefined && isSameValue) Object.defineProperty(owner, key, descriptor)
      }
    },
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
