import { Agent as HttpAgent, type Agent, type ClientRequest } from 'node:http'

/** Where a request is sent. */
export interface Peer {
  /** A name or an address. */
  readonly host: string
  readonly port: number
  readonly isEncrypted: boolean
}

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
  'onread',
  'proxyEnv',
  'pskCallback',
  'requestOCSP',
  'session',
  'socket',
  'socketPath',
  'typeOfService',
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
  if (!isNodesOwn(agent) || hasSpecial(given) || hasSpecial(ofAgent)) return undefined
  const option = (name: string): unknown => Reflect.get(ofAgent, name) ?? Reflect.get(given, name)
  const host = option('host')
  const port = Number(option('port'))
  if (typeof host !== 'string' || !hostName.test(host)) return undefined
  if (!Number.isInteger(port) || port <= 0 || port > 65_535) return undefined
  // Node would throw what it thinks of another one.
  if (!['string', 'undefined'].includes(typeof request.getHeader('host'))) return undefined
  return { host, port, isEncrypted: Reflect.get(agent, 'protocol') === 'https:' }
}

/** Whether a connection is made with something that has it made in a way of its own. */
function hasSpecial(options: object): boolean {
  for (const name of Object.keys(options)) {
    if (special.has(name) && isSet(Reflect.get(options, name))) return true
  }
  return false
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== 0
}

/**
 * Whether an agent is Node's own: others send requests in ways of their own, through a proxy or over
 * something else than a socket.
 */
export function isNodesOwn(agent: Agent): boolean {
  const prototype: unknown = Object.getPrototypeOf(agent)
  if (Object.hasOwn(agent, 'createConnection')) return false
  const protocol: unknown = Reflect.get(agent, 'protocol')
  if (prototype === HttpAgent.prototype) return protocol === 'http:'
  // Who has such an agent has loaded it; to others it would be dear.
  if (protocol !== 'https:') return false
  return prototype === process.getBuiltinModule('node:https').Agent.prototype
}
