import { subscribe } from 'node:diagnostics_channel'
import type { Server } from 'node:net'
import { portOf } from '../model/host-pattern.ts'
import { isLocalhost } from '../model/localhost.ts'
import { requestUrl } from '../model/request-url.ts'

// By the server: one that is closed tells so late, when another may listen on its port already.
const ports = new Map<Server, number>()
let isWatching = false

/** Notes from now on which ports this process listens on. */
export function watchOwnServers(): void {
  if (isWatching) return
  isWatching = true
  subscribe('tracing:net.server.listen:asyncEnd', (message) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node's documentation types it
    const { server } = message as { server: Server }
    const address = server.address()
    if (typeof address !== 'object' || address === null) return
    const isKnown = ports.has(server)
    ports.set(server, address.port)
    if (!isKnown) forgetOnceClosed(server)
  })
}

function forgetOnceClosed(server: Server): void {
  const onClose = (): void => {
    // Of its listening before.
    if (server.listening) return
    ports.delete(server)
    server.removeListener('close', onClose)
  }
  server.on('close', onClose)
}

/** Whether a URL leads to a server of this very process: an app under test, as supertest starts it. */
export function isOwnServer(url: string): boolean {
  if (ports.size === 0) return false
  const target = requestUrl({ url })
  return isLocalhost(target.hostname) && [...ports.values()].includes(portOf(target))
}
