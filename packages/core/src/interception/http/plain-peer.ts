import type { Agent, ClientRequest } from 'node:http'
import { isIP } from 'node:net'
import { isPlainAgent } from './plain-agent.ts'
import type { Peer } from './replay-socket.ts'

// What has a connection made in a way of its own, or may be refused.
const special = new Set([
  'ALPNProtocols',
  'blockList',
  'createConnection',
  'family',
  'fd',
  'handle',
  'hints',
  'localAddress',
  'localPort',
  'objectMode',
  'onread',
  'proxyEnv',
  'pskCallback',
  'readableObjectMode',
  'requestOCSP',
  'session',
  'socket',
  'socketPath',
  'typeOfService',
  'writableObjectMode',
])
const hostName = /^[\w.:-]+$/

/**
 * Where a request would be sent, over a connection that is like every other.
 *
 * @param given what the request is made with; its agent's come on top of it
 * @returns `undefined` where its agent, or something that it is made with, has a say in that
 */
export function plainPeer(agent: Agent, request: ClientRequest, given: object): Peer | undefined {
  const ofAgent: object = Reflect.get(agent, 'options')
  if (!isPlainAgent(agent) || isAnySpecial(given) || isAnySpecial(ofAgent)) return undefined
  const option = (name: string): unknown => Reflect.get(ofAgent, name) ?? Reflect.get(given, name)
  const host = option('host')
  const port = Number(option('port'))
  if (typeof host !== 'string' || !hostName.test(host)) return undefined
  if (!Number.isInteger(port) || port <= 0 || port > 65_535) return undefined
  if (Reflect.get(agent, 'protocol') === 'http:') return { host, port }
  const servername = option('servername') ?? serverNameOf(request, host)
  if (typeof servername !== 'string') return undefined
  return { host, port, tls: { servername, isVerified: isVerified(option('rejectUnauthorized')) } }
}

function isAnySpecial(options: object): boolean {
  for (const name of Object.keys(options)) {
    if (special.has(name) && isSet(Reflect.get(options, name))) return true
  }
  return false
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== 0
}

/** The name that Node's agents ask for. */
function serverNameOf(request: ClientRequest, host: string): string {
  const said = request.getHeader('host')
  const name = typeof said === 'string' ? (said.split(':', 1)[0] ?? host) : host
  return isIP(name) === 0 && !name.startsWith('[') ? name : ''
}

/** @param told by the option `rejectUnauthorized` */
function isVerified(told: unknown): boolean {
  if (told !== undefined) return told !== false
  return process.env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0'
}
