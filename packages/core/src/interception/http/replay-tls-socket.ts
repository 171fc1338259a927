import { ReplaySocket, type Peer } from './replay-socket.ts'

// A constructor to inherit from.
function Descent(): void {}

/**
 * Makes a ReplaySocket that is a TLSSocket to who asks. The constructor of TLSSocket would make a
 * context with all the roots that the system trusts, for a handshake that nobody answers.
 */
export function replayTlsSocket(peer: Peer, isConnected: boolean): ReplaySocket {
  const { TLSSocket } = process.getBuiltinModule('node:tls')
  if (!(Descent.prototype instanceof TLSSocket)) {
    const methods = Object.getOwnPropertyDescriptors(ReplaySocket.prototype)
    Descent.prototype = Object.create(TLSSocket.prototype, methods)
  }
  const socket: ReplaySocket = Reflect.construct(ReplaySocket, [peer, isConnected], Descent)
  return socket
}
