import { Agent, type ClientRequest } from 'node:http'
import net from 'node:net'
import { headerValue, type HeaderList } from '../../model/header-list.ts'
import type { RequestHead } from '../../model/interceptor.ts'
import { originOf } from '../wire/origin-of.ts'
import { framingOf, MessageReader } from '../wire/message-reader.ts'
import type { Peer } from './replay-socket.ts'

/** A request that is made whole, and where it would go. */
export interface AskedRequest extends RequestHead {
  readonly body: Buffer
}

// A larger body is not worth to be copied before it is known whether there is an answer.
const maxBodySize = 1024 * 1024
const agentMethods = [
  'createConnection',
  'createSocket',
  'getName',
  'keepSocketAlive',
  'reuseSocket',
] as const
const nodes = agentMethods.map((name): unknown => Reflect.get(Agent.prototype, name))
const { connect, createConnection } = net
// What has a connection made in a way of its own, or refused.
const special = [
  'blockList',
  'createConnection',
  'family',
  'hints',
  'localAddress',
  'localPort',
  'onread',
  'proxyEnv',
  'socketPath',
  'typeOfService',
] as const
const hostName = /^[\w.:-]+$/

/**
 * Where a request would be sent over a connection that is like every other.
 *
 * @param options what the request is made with
 * @returns `undefined` where its agent, or something in its options, has a say in that
 */
export function plainPeer(agent: Agent, options: object): Peer | undefined {
  if (!isPlainAgent(agent)) return undefined
  const of = (name: string): unknown =>
    Reflect.get(Reflect.get(agent, 'options'), name) ?? Reflect.get(options, name)
  if (special.some((name) => isSet(of(name)))) return undefined
  const [host, port] = [of('host'), Number(of('port'))]
  if (typeof host !== 'string' || !hostName.test(host)) return undefined
  return Number.isInteger(port) && port > 0 && port < 65_536 ? { host, port } : undefined
}

/** Node's own, as Node made it, that opens a connection whenever it has none. */
function isPlainAgent(agent: Agent): boolean {
  const { maxSockets, maxTotalSockets } = agent
  return (
    Object.getPrototypeOf(agent) === Agent.prototype &&
    agentMethods.every((name, at) => Reflect.get(agent, name) === nodes[at]) &&
    net.connect === connect &&
    net.createConnection === createConnection &&
    maxSockets === Infinity &&
    maxTotalSockets === Infinity &&
    Reflect.get(agent, 'protocol') === 'http:' &&
    agent.listenerCount('free') === 1
  )
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== 0
}

/**
 * Reads what a request would write, which has no socket yet.
 *
 * @returns `undefined` where it is not all there, or is to begin something else
 */
export function askedRequest(
  request: ClientRequest,
  { host, port }: Peer,
): AskedRequest | undefined {
  if (!request.writableEnded || request.destroyed || request.method === 'CONNECT') return undefined
  const written: unknown = Reflect.get(request, 'outputData')
  if (!Array.isArray(written) || request.writableLength > maxBodySize) return undefined
  const said = messageOf(written)
  if (said === undefined || isSpecial(said.headers)) return undefined
  const [method = '', target = ''] = said.startLine.split(' ')
  const origin = originOf({ host, port }, false)
  const url = URL.parse(target.startsWith('/') ? `${origin}${target}` : target, origin)?.href
  return url === undefined ? undefined : { ...said, method: method.toUpperCase(), url }
}

interface Said {
  readonly startLine: string
  readonly headers: HeaderList
  readonly body: Buffer
}

/** The one whole message in what was written. */
function messageOf(written: readonly { data: string | Uint8Array; encoding?: string }[]) {
  const said: Said[] = []
  let head: Omit<Said, 'body'> | undefined
  const chunks: Buffer[] = []
  const reader = new MessageReader({
    onHead(startLine, headers) {
      head = { startLine, headers }
      return framingOf(headers) ?? 0
    },
    onBody: (bytes) => chunks.push(bytes),
    onEnd() {
      if (head !== undefined) said.push({ ...head, body: Buffer.concat(chunks) })
    },
  })
  try {
    for (const { data, encoding } of written) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node has taken it for one
      reader.read(
        typeof data === 'string'
          ? Buffer.from(data, encoding as BufferEncoding)
          : Buffer.from(data),
      )
    }
  } catch {
    return undefined
  }
  return said.length === 1 && reader.end() ? said[0] : undefined
}

function isSpecial(headers: HeaderList): boolean {
  return (
    headerValue(headers, 'upgrade') !== undefined || headerValue(headers, 'expect') !== undefined
  )
}
