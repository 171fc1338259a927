import type { Agent, ClientRequest } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { pooled, pooledSockets } from '../clients/pooled.ts'
import type { AddedRequest } from './own-add-request.ts'
import { isNodesOwn, type Peer } from './plain-peer.ts'
import { ReplayConnection } from './replay-connection.ts'

/** What a request goes over: a socket without a connection, or one that Node connects as always. */
export type SocketKind = 'replay' | 'live'

/**
 * The sockets of plain requests. Agents have them as others: in use, idle, or waited for. None comes
 * to a request that needs another one.
 */
export class PlainSockets {
  readonly #kinds = new Map<Duplex, SocketKind>()
  readonly #wanted = new WeakMap<ClientRequest, SocketKind>()
  readonly #isOfEngine: (socket: Duplex) => boolean
  readonly #mayStayLive: () => boolean
  /** What an agent is looking for now. */
  #sought: { readonly agent: Agent; readonly peer: Peer; readonly kind: SocketKind } | undefined
  #isOver = false

  /**
   * @param isOfEngine whether the engine stands in a socket: any request can have that one
   * @param mayStayLive whether every request still comes here before it gets a socket
   */
  constructor(isOfEngine: (socket: Duplex) => boolean, mayStayLive: () => boolean) {
    this.#isOfEngine = isOfEngine
    this.#mayStayLive = mayStayLive
  }

  /** Has the agent of a request find a socket of a kind, or open one. */
  add({ agent, request, add }: AddedRequest, peer: Peer, kind: SocketKind): void {
    this.leave(agent, kind)
    this.#wanted.set(request, kind)
    this.#sought = { agent, peer, kind }
    try {
      add()
    } finally {
      this.#sought = undefined
    }
  }

  /** See `AnsweredHttp`. */
  connect(socket: Socket, args: readonly unknown[]): 'connected' | 'as always' | undefined {
    const sought = this.#sought
    const [options, listener]: readonly unknown[] = Array.isArray(args[0]) ? args[0] : args
    if (sought === undefined || !isFor(sought.peer, socket, options)) return undefined
    const { agent, peer, kind } = sought
    if (kind === 'live') {
      this.#keep(socket, agent, kind)
      return 'as always'
    }
    // That of TLS begins the handshake.
    const isStart = listener === Reflect.get(socket, '_start')
    if (isListener(listener) && !isStart) socket.once('connect', listener)
    this.#keep(new ReplayConnection(socket, peer, options).socket, agent, kind)
    return 'connected'
  }

  /** Closes those of an agent that are idle, but for those of a kind. */
  leave(agent: Agent, except?: SocketKind): void {
    for (const socket of pooledSockets(agent.freeSockets)) {
      const kind = this.#kinds.get(socket) ?? this.#kindBefore(socket, agent)
      if (kind !== undefined && kind !== except) closeIdle(socket)
    }
  }

  /** Closes those without a connection: the idle ones, and the others once their requests are over. */
  close(): void {
    this.#isOver = true
    for (const [socket, kind] of this.#kinds) {
      if (kind === 'replay' && !Reflect.get(socket, '_httpMessage')) socket.destroy()
    }
  }

  /** That of a socket which was opened before the cassette was inserted. */
  #kindBefore(socket: Duplex, agent: Agent): SocketKind | undefined {
    return isNodesOwn(agent) && !this.#isOfEngine(socket) ? 'live' : undefined
  }

  #keep(socket: Socket, agent: Agent, kind: SocketKind): void {
    this.#kinds.set(socket, kind)
    // Before the agent's own listener, which would hand it to a request that waits.
    socket.prependListener('free', () => {
      const isForOther = () => pooled(agent.requests).some((one) => this.#wanted.get(one) !== kind)
      if (!this.#mayStay(kind) || (!this.#isOver && isForOther())) socket.destroy()
    })
    socket.once('close', () => this.#kinds.delete(socket))
  }

  #mayStay(kind: SocketKind): boolean {
    return kind === 'live' ? this.#isOver || this.#mayStayLive() : !this.#isOver
  }
}

function isFor(
  { host, port, isEncrypted }: Peer,
  socket: Socket,
  options: unknown,
): options is object {
  if (typeof options !== 'object' || options === null) return false
  const of = (name: string): unknown => Reflect.get(options, name)
  const isThere = of('host') === host && Number(of('port')) === port && !of('path')
  return isThere && 'encrypted' in socket === isEncrypted
}

/** Closes a socket that its agent then does not know any more. */
function closeIdle(socket: Duplex): void {
  socket.destroy()
  socket.emit('agentRemove')
}

function isListener(value: unknown): value is () => void {
  return typeof value === 'function'
}
