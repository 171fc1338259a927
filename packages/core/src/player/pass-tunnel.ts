import type { Interaction } from '../model/interaction.ts'
import type { Exchange } from '../model/interceptor.ts'
import { debug } from './debug.ts'
import type { RunMemory } from './run-memory.ts'

/**
 * Asks a proxy again for a tunnel whose opening this run has recorded. Behind one that the cassette
 * opens there is no proxy: what is not stored yet would go around it.
 *
 * @param known what answers the request otherwise
 * @returns whether the request has been let go
 */
export function passTunnel(
  exchange: Exchange,
  known: Interaction | undefined,
  memory: RunMemory,
): boolean {
  if (known?.request.method !== 'CONNECT' || !memory.wasRecorded(known)) return false
  if (known.response === undefined || known.response.status >= 300) return false
  debug(() => `CONNECT ${known.request.url} is asked again: what is new may go through the tunnel`)
  exchange.passthrough()
  return true
}
