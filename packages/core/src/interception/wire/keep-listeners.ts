import type { Duplex } from 'node:stream'

/** What the engine and Cassette hear of a client's socket; the first is an event of the engine's. */
const events = ['internal:write', 'free', 'close'] as const

/**
 * Keeps those who listen to a client's socket now when the client removes all its listeners, as agents
 * do that hand on a socket of a request: it cannot know that there are others than its own.
 */
export function keepListeners(socket: Duplex): void {
  const on: (...rest: never) => unknown = Reflect.get(socket, 'on')
  const removeAll = socket.removeAllListeners.bind(socket)
  const kept = events.map((event) => ({ event, listeners: new Set(socket.rawListeners(event)) }))
  socket.removeAllListeners = (...which) => {
    const present = kept.flatMap(({ event, listeners }) =>
      socket
        .rawListeners(event)
        .filter((listener) => listeners.has(listener))
        .map((listener) => ({ event, listener })),
    )
    removeAll(...which)
    for (const { event, listener } of present) {
      const isThere = socket.rawListeners(event).includes(listener)
      if (!isThere) Reflect.apply(on, socket, [event, listener])
    }
    return socket
  }
}
