import { createHook } from 'node:async_hooks'

// What Node makes for each connection, look-up and datagram, below everything that can be patched.
const connects = new Set(['TCPCONNECTWRAP', 'PIPECONNECTWRAP'])
const lookUps = new Set(['GETADDRINFOREQWRAP', 'GETNAMEINFOREQWRAP', 'QUERYWRAP', 'UDPSENDWRAP'])

export interface SocketCalls {
  readonly connects: number
  readonly lookUps: number
}

/** Counts what this process asks of the network from now on. */
export function countSocketCalls(): () => SocketCalls {
  const calls = { connects: 0, lookUps: 0 }
  createHook({
    init(_id, type) {
      if (connects.has(type)) calls.connects += 1
      if (lookUps.has(type)) calls.lookUps += 1
    },
  }).enable()
  return () => ({ ...calls })
}
