import type { Agent, ClientRequest } from 'node:http'
import { ReplaySocket, type Peer } from './replay-socket.ts'
import { replayTlsSocket } from './replay-tls-socket.ts'

/** The sockets that requests have instead of those of their agent, used again as an agent does. */
export class ReplaySockets {
  readonly #idle = new WeakMap<Agent, Map<string, ReplaySocket[]>>()
  readonly #open = new Set<ReplaySocket>()
  #isOver = false

  /** Gives a request a socket, of which it hears in a later tick. */
  give(request: ClientRequest, peer: Peer): ReplaySocket {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it came by its agent
    const agent = Reflect.get(request, 'agent') as Agent
    const idle = this.#idleOf(agent, peer)
    const before = idle.pop()
    const isReused = before !== undefined || hasIdle(agent, peer)
    const socket = before ?? this.#make(agent, peer, idle, isReused)
    request.reusedSocket = isReused
    const timeout: number =
      Reflect.get(request, 'timeout') ?? Reflect.get(agent, 'options').timeout ?? 0
    if ((socket.timeout ?? 0) !== timeout) socket.setTimeout(timeout)
    request.onSocket(socket)
    return socket
  }

  /** Closes those that are idle, and the others once their requests are over. */
  close(): void {
    this.#isOver = true
    for (const socket of this.#open) if (!isBusy(socket)) socket.destroy()
  }

  #idleOf(agent: Agent, { host, port, tls }: Peer): ReplaySocket[] {
    const byName = this.#idle.get(agent) ?? new Map<string, ReplaySocket[]>()
    this.#idle.set(agent, byName)
    const name = `${host} ${port} ${tls?.servername ?? ''} ${tls?.isVerified ?? ''}`
    const idle = byName.get(name) ?? []
    byName.set(name, idle)
    return idle
  }

  #make(agent: Agent, peer: Peer, idle: ReplaySocket[], isConnected: boolean): ReplaySocket {
    const socket =
      peer.tls === undefined
        ? new ReplaySocket(peer, isConnected)
        : replayTlsSocket(peer, isConnected)
    const onFree = (): void => {
      if (this.#isOver || !socket.writable || !mayKeep(socket, agent)) {
        socket.destroy()
        return
      }
      Reflect.set(socket, '_httpMessage', null)
      const timeout: number = Reflect.get(agent, 'options').timeout ?? 0
      if (socket.timeout !== timeout) socket.setTimeout(timeout)
      idle.push(socket)
    }
    const onClose = (): void => {
      this.#open.delete(socket)
      if (idle.includes(socket)) idle.splice(idle.indexOf(socket), 1)
    }
    const onTimeout = (): void => {
      if (!isBusy(socket)) socket.destroy()
    }
    this.#open.add(socket)
    return socket.on('free', onFree).on('close', onClose).on('timeout', onTimeout)
  }
}

/** Whether the agent has a connection of its own that it would use. */
function hasIdle(agent: Agent, { host, port }: Peer): boolean {
  const names = Object.keys(agent.freeSockets).filter((name) => name.startsWith(`${host}:${port}:`))
  return names.some((name) => agent.freeSockets[name]?.some((socket) => !socket.destroyed) === true)
}

function isBusy(socket: ReplaySocket): boolean {
  return Boolean(Reflect.get(socket, '_httpMessage'))
}

function mayKeep(socket: ReplaySocket, agent: Agent): boolean {
  const request: ClientRequest | null | undefined = Reflect.get(socket, '_httpMessage')
  return request?.shouldKeepAlive === true && Reflect.get(agent, 'keepAlive') === true
}
