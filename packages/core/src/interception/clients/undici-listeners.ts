import { channel } from 'node:diagnostics_channel'

// By a registered symbol: several copies of Cassette may listen in one process.
const own = Symbol.for('@cassette/core/undici-listener')

const channels = [
  'undici:client:beforeConnect',
  'undici:client:connected',
  'undici:client:connectError',
  'undici:client:sendHeaders',
  'undici:request:bodyChunkReceived',
  'undici:request:bodyChunkSent',
  'undici:request:bodySent',
  'undici:request:create',
  'undici:request:error',
  'undici:request:headers',
  'undici:request:trailers',
].map((name) => channel(name))

/** Marks a listener of undici's channels as Cassette's. */
export function markOwn<Listener extends object>(listener: Listener): Listener {
  return Object.assign(listener, { [own]: true })
}

/** Whether anybody but Cassette listens to undici's channels, as tracing does. */
export function isUndiciTraced(): boolean {
  return channels.some((one) => {
    if (!one.hasSubscribers) return false
    const listeners: unknown = Reflect.get(one, '_subscribers')
    // Where Node does not tell who, it may be anybody.
    return !Array.isArray(listeners) || !listeners.every((listener: object) => own in listener)
  })
}
