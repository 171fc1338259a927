type Listener = () => void

const waiting = new WeakMap<AbortSignal, Set<Listener>>()

/**
 * Calls back when a signal fires, at once if it has, by one listener for all: many wait for the same signal, and each
 * listener of one is dear.
 *
 * @returns ends it
 */
export function onAbort(signal: AbortSignal, listener: Listener): () => void {
  if (signal.aborted) listener()
  const listeners = waiting.get(signal) ?? firstListener(signal)
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

function firstListener(signal: AbortSignal): Set<Listener> {
  const listeners = new Set<Listener>()
  waiting.set(signal, listeners)
  signal.addEventListener('abort', () => {
    for (const listener of listeners) listener()
  })
  return listeners
}
