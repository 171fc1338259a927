import type { Agent, ClientRequest } from 'node:http'
import type { Socket } from 'node:net'
import { pooled } from '../clients/pooled.ts'
import type { AddedRequest } from './own-add-request.ts'
import type { Peer } from './plain-peer.ts'
import { ReplayConnection } from './replay-connection.ts'

/** The sockets without a connection that agents have, as others: in use, idle, or waited for. */
export class ReplaySockets {
  readonly #open = new Set<Socket>()
  /** Requests that need no connection. */
  readonly #requests = new WeakSet<ClientRequest>()
  /** What the agent is looking for now. */
  #wanted: { readonly agent: Agent; readonly peer: Peer } | undefined
  #isOver = false

  /** Has the agent of a request find a socket; if it opens one, that connects to nothing. */
  add({ agent, request, add }: AddedRequest, peer: Peer): void {
    this.#requests.add(request)
    this.#wanted = { agent, peer }
    try {
      add()
    } finally {
      this.#wanted = undefined
    }
  }

  /** See `AnsweredHttp`. */
  connect(socket: Socket, args: readonly unknown[]): boolean {
    const wanted = this.#wanted
    const [options, listener]: readonly unknown[] = Array.isArray(args[0]) ? args[0] : args
    if (wanted === undefined || !isFor(wanted.peer, socket, options)) return false
    // That of TLS begins the handshake.
    const isStart = listener === Reflect.get(socket, '_start')
    if (isListener(listener) && !isStart) socket.once('connect', listener)
    this.#keep(new ReplayConnection(socket, wanted.peer, options).socket, wanted.agent)
    return true
  }

  /** Leaves an agent none that a request could get that needs a connection. */
  leave(agent: Agent): void {
    if (this.#open.size === 0) return
    for (const socket of pooled(agent.freeSockets)) {
      if (this.#open.has(socket)) closeIdle(socket)
    }
  }

  /** Closes those that are idle, and the others once their requests are over. */
  close(): void {
    this.#isOver = true
    for (const socket of this.#open) if (!Reflect.get(socket, '_httpMessage')) socket.destroy()
  }

  #keep(socket: Socket, agent: Agent): void {
    this.#open.add(socket)
    // Before the agent's own listener, which would hand it to a request that waits.
    socket.prependListener('free', () => {
      const isWaitedFor = pooled(agent.requests).some((request) => !this.#requests.has(request))
      if (this.#isOver || isWaitedFor) socket.destroy()
    })
    socket.once('close', () => this.#open.delete(socket))
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
function closeIdle(socket: Socket): void {
  socket.destroy()
  socket.emit('agentRemove')
}

function isListener(value: unknown): value is () => void {
  return typeof value === 'function'
}
