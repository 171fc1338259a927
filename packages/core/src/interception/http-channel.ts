import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'

const channel = 'http.client.request.created'

/**
 * Listens to the requests that `node:http` is asked for, as they are made.
 *
 * @returns ends it
 */
export function onHttpRequest(listener: (request: ClientRequest) => void): () => void {
  const onMessage = (message: unknown): void => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node's documentation types it
    listener((message as { request: ClientRequest }).request)
  }
  subscribe(channel, onMessage)
  return () => {
    unsubscribe(channel, onMessage)
  }
}
