import type { Duplex } from 'node:stream'
import { listen } from './channel.ts'
import { markOwn } from './undici-listeners.ts'

/** A request of undici. */
interface SentRequest {
  readonly method: string
  readonly origin: string | URL
  /** With its query. */
  readonly path: string
}

/** What undici documents of its diagnostics channels, as far as it is used here. */
interface UndiciMessages {
  'undici:client:beforeConnect': object
  'undici:client:connectError': object
  'undici:client:connected': { readonly socket: Duplex }
  'undici:client:sendHeaders': { readonly request: SentRequest; readonly socket: Duplex }
  'undici:request:create': { readonly request: object }
  'undici:request:error': { readonly request: object; readonly error: unknown }
  'undici:request:trailers': { readonly request: object }
}

/**
 * Listens to a diagnostics channel of undici; the copy in Node, which runs `fetch`, publishes on
 * the same ones.
 *
 * @returns ends it
 */
export function onUndici<Channel extends keyof UndiciMessages>(
  channel: Channel,
  listener: (message: UndiciMessages[Channel]) => void,
): () => void {
  const onMessage = markOwn((message: unknown): void => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- undici's documentation types it
    listener(message as UndiciMessages[Channel])
  })
  return listen(channel, onMessage)
}
