import { ReplaySocket, type Peer } from './replay-socket.ts'

let descent: (() => void) | undefined

/**
 * Makes a ReplaySocket that is a TLSSocket to who asks. The constructor of TLSSocket would make a
 * context with all the roots that the system trusts, for a handshake that nobody answers.
 */
export function replayTlsSocket(peer: Peer, isConnected: boolean): ReplaySocket {
  descent ??= ofTls()
  const socket: ReplaySocket = Reflect.construct(ReplaySocket, [peer, isConnected], descent)
  return socket
}

/** A constructor to inherit from: a TLSSocket with the methods of a ReplaySocket. */
function ofTls(): () => void {
  const { TLSSocket } = process.getBuiltinModule('node:tls')
  const constructor = function ReplayTlsSocket(): void {}
  const methods = Object.getOwnPropertyDescriptors(ReplaySocket.prototype)
  constructor.prototype = Object.create(TLSSocket.prototype, methods)
  return constructor
}
