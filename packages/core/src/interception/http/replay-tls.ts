import type { Socket } from 'node:net'
import type { ReplayHandle } from './replay-handle.ts'

const cipher = {
  name: 'TLS_AES_256_GCM_SHA384',
  standardName: 'TLS_AES_256_GCM_SHA384',
  version: 'TLSv1.3',
}
// What `TLSSocket` asks of the connection below it: nock's engine has the same answers.
const answers = {
  // It stays with the request that opened it, as does what is below TLS.
  asyncReset: nothing,
  getALPNNegotiatedProtocol: () => false,
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
  hasPeerCertificate: () => false,
  isSessionReused: () => false,
  enableKeylogCallback: nothing,
  enableSessionCallbacks: nothing,
  enableTrace: nothing,
  requestOCSP: nothing,
  setMaxSendFragment: () => true,
  setSession: nothing,
  setVerifyMode: nothing,
}

/** Makes a handle look like one of TLS to its socket. */
export function encryptHandle(handle: ReplayHandle, options: object): void {
  let servername: string | false = false
  const isVerified = Reflect.get(options, 'rejectUnauthorized') !== false
  Object.assign(handle, answers, {
    setServername: (name: string) => (servername = name),
    getServername: () => servername,
    // What was recorded came from a server that its client trusted, if it asked for that.
    verifyError: () => (isVerified ? null : unverified()),
  })
}

/** Ends the handshake as Node does. */
export function endHandshake(socket: Socket, handle: ReplayHandle): void {
  // A server that has been seen before is not asked for its name, of which nothing is kept.
  Object.assign(handle, { isSessionReused: () => true })
  const finish: () => void = Reflect.get(socket, '_finishInit')
  Reflect.apply(finish, socket, [])
  Object.assign(handle, { isSessionReused: answers.isSessionReused })
}

function unverified(): Error {
  const error = new Error('There is no server to verify.')
  return Object.assign(error, { code: 'MOCKED_CONNECTION_NOT_VERIFIED' })
}

function nothing(): undefined {
  return undefined
}
