import type { ClientRequest } from 'node:http'
import { listen } from './channel.ts'

const channel = 'http.client.request.created'

/**
 * Listens to the requests that `node:http` is asked for, as they are made.
 *
 * @returns ends it
 */
export function onHttpRequest(listener: (request: ClientRequest) => void): () => void {
  return listen(channel, (message) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node's documentation types it
    listener((message as { request: ClientRequest }).request)
  })
}
