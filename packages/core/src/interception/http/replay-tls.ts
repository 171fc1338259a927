import type { Socket } from 'node:net'
import type { ReplayHandle } from './replay-handle.ts'

/** How a client asks for an encrypted connection. */
export interface PeerTls {
  /** The name by which it asks for the server; empty for an address. */
  readonly servername: string
  /** Whether it would leave a server that it does not trust. */
  readonly isVerified: boolean
}

const cipher = {
  name: 'TLS_AES_256_GCM_SHA384',
  standardName: 'TLS_AES_256_GCM_SHA384',
  version: 'TLSv1.3',
}
// What `TLSSocket` asks of the connection below it: nock's engine has the same answers.
const answers = {
  getCertificate: nothing,
  getCipher: () => ({ ...cipher }),
  getEphemeralKeyInfo: () => ({ type: 'ECDH', name: 'X25519', size: 253 }),
  getFinished: nothing,
  getPeerCertificate: nothing,
  getPeerFinished: nothing,
  getPeerX509Certificate: nothing,
  getProtocol: () => cipher.version,
  getSession: () => Buffer.from('mocked session'),
  getSharedSigalgs: () => [],
  getTLSTicket: nothing,
  getX509Certificate: nothing,
  isSessionReused: () => false,
}

/** Makes a socket look as one does before the handshake of TLS. */
export function beginHandshake(socket: Socket, handle: ReplayHandle): void {
  Object.assign(handle, answers)
  Object.assign(socket, {
    encrypted: true,
    secureConnecting: true,
    authorized: false,
    authorizationError: null,
    servername: null,
    alpnProtocol: null,
    ssl: handle,
  })
}

/** Makes it look as one does afterwards. What was recorded came from a server that was trusted. */
export function endHandshake(socket: Socket, { servername, isVerified }: PeerTls): void {
  Object.assign(socket, {
    secureConnecting: false,
    authorized: isVerified,
    authorizationError: isVerified ? null : 'MOCKED_CONNECTION_NOT_VERIFIED',
    servername: servername === '' ? false : servername,
    alpnProtocol: false,
  })
}

function nothing(): undefined {
  return undefined
}
