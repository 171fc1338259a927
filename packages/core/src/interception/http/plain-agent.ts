import http, { type Agent } from 'node:http'
import net from 'node:net'

const methods = [
  'createConnection',
  'createSocket',
  'getName',
  'keepSocketAlive',
  'reuseSocket',
] as const

// What opens a connection, as Node made it.
const forHttp = [...methodsOf(http.Agent.prototype), net.connect, net.createConnection]
let forHttps: readonly unknown[] | undefined

/**
 * Whether an agent is one of Node's own, as Node made it, that opens a connection whenever it needs
 * one, and tells nobody.
 */
export function isPlainAgent(agent: Agent): boolean {
  const { maxSockets, maxTotalSockets } = agent
  return (
    // Who lets one request go after the other means the order.
    maxSockets > 1 &&
    maxTotalSockets > 1 &&
    agent.listenerCount('free') === 1 &&
    agent.listenerCount('keylog') === 0 &&
    (isOfHttp(agent) || isOfHttps(agent))
  )
}

function isOfHttp(agent: Agent): boolean {
  if (Object.getPrototypeOf(agent) !== http.Agent.prototype) return false
  const now = [...methodsOf(agent), net.connect, net.createConnection]
  return isSame(now, forHttp) && Reflect.get(agent, 'protocol') === 'http:'
}

function isOfHttps(agent: Agent): boolean {
  if (Reflect.get(agent, 'protocol') !== 'https:') return false
  // Who has such an agent has loaded them; to others they would be dear.
  const https = process.getBuiltinModule('node:https')
  const { connect } = process.getBuiltinModule('node:tls')
  if (Object.getPrototypeOf(agent) !== https.Agent.prototype) return false
  forHttps ??= [...methodsOf(https.Agent.prototype), connect]
  return isSame([...methodsOf(agent), connect], forHttps)
}

function methodsOf(agent: object): unknown[] {
  return methods.map((name): unknown => Reflect.get(agent, name))
}

function isSame(these: readonly unknown[], those: readonly unknown[]): boolean {
  return these.every((one, at) => one === those[at])
}
