import { soon } from '../../model/real-timers.ts'

interface Channels {
  channel: (name: string | symbol) => unknown
}

// The first of `node:http`'s modules that has all of its agents asks for this channel.
const channel = 'http.client.request.created'
const ofAgents = 'NativeModule _http_agent'

/**
 * Calls back once `node:http` is loaded, which is now if it is loaded already: to load it takes as
 * long as a test file without a request takes with Cassette otherwise.
 */
export function whenHttpLoads(listener: () => void): void {
  const loaded: unknown = Reflect.get(process, 'moduleLoadList')
  if (!Array.isArray(loaded) || loaded.includes(ofAgents)) {
    listener()
    return
  }
  const channels: Channels = process.getBuiltinModule('node:diagnostics_channel')
  const { channel: nodes } = channels
  const ours = (name: string | symbol): unknown => {
    if (name === channel) {
      if (channels.channel === ours) channels.channel = nodes
      // Its own modules are not through yet; who asked for it waits longer, unless it goes on at once.
      soon(listener)
    }
    return nodes(name)
  }
  channels.channel = ours
}
