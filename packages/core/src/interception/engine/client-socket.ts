import type { Duplex } from 'node:stream'

/**
 * The engine hands out a proxy, the server's side, whose `once` returns the client's own socket; the
 * event is one that nothing emits.
 */
export function clientSocket(serverSide: Duplex): Duplex {
  return serverSide.once('cassette', nothing).removeListener('cassette', nothing)
}

function nothing(): void {}
