import util from 'node:util'

/**
 * Whether undici makes a request now that waited in the queue of a pool with limited `connections`:
 * up to its version 7 it does so in the async context of the request that frees a connection. Only
 * the stack tells; version 8 runs it in the context of its own again, which shows there too.
 */
export function isFromQueue(): boolean {
  const names = util.getCallSites(50).map(({ functionName }) => functionName)
  const at = names.findIndex((name) => name === 'onDrain' || name === '[onDrain]')
  return at >= 0 && !names.slice(0, at).includes('runInAsyncScope')
}
