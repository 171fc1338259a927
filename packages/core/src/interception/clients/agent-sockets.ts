import { onHttpRequest } from './http-channel.ts'
import { pooledSockets } from './pooled.ts'

interface Pool {
  readonly freeSockets?: NodeJS.ReadOnlyDict<unknown[]>
}

const seen = new WeakSet<Pool>()
const pools = new Set<WeakRef<Pool>>()

/** Watches from now on which agents `node:http` is used with. */
export function watchAgents(): void {
  onHttpRequest((request) => {
    const pool: Pool | undefined = Reflect.get(request, 'agent')
    if (pool === undefined || seen.has(pool)) return
    seen.add(pool)
    pools.add(new WeakRef(pool))
  })
}

/**
 * Closes the sockets that agents keep for later; they open new ones at need. The engine does so only
 * with those that it does not know, and where nock was there first, it knows them all.
 */
export function closeIdleAgentSockets(): void {
  for (const reference of pools) {
    const pool = reference.deref()
    if (pool === undefined) pools.delete(reference)
    for (const socket of pooledSockets(pool?.freeSockets)) socket.destroy()
  }
}
