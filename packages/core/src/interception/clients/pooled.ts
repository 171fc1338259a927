import type { Duplex } from 'node:stream'

/** All that an agent keeps under its names. */
export function pooled<Kept>(byName: NodeJS.ReadOnlyDict<Kept[]> = {}): Kept[] {
  return Object.values(byName).flatMap((kept) => kept ?? [])
}

/** The sockets among them: other agents than Node's keep what they like there. */
export function pooledSockets(byName?: NodeJS.ReadOnlyDict<unknown[]>): Duplex[] {
  return pooled(byName).filter(isSocket)
}

function isSocket(kept: unknown): kept is Duplex {
  return typeof kept === 'object' && kept !== null && 'prependOnceListener' in kept
}
