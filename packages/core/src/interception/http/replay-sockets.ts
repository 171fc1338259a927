import type { Agent, ClientRequest } from 'node:http'
import { ReplaySocket, type Peer } from './replay-socket.ts'

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
    const socket = before ?? this.#make(agent, peer, idle)
    request.reusedSocket = before !== undefined
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

  #idleOf(agent: Agent, { host, port }: Peer): ReplaySocket[] {
    const byName = this.#idle.get(agent) ?? new Map<string, ReplaySocket[]>()
    this.#idle.set(agent, byName)
    const name = `${host} ${port}`
    const idle = byName.get(name) ?? []
    byName.set(name, idle)
    return idle
  }

  #make(agent: Agent, peer: Peer, idle: ReplaySocket[]): ReplaySocket {
    const socket = new ReplaySocket(peer)
    const onFree = (): void => {
      if (this.#isOver || !socket.writable || !mayKeep(socket, agent)) {
        socket.destroy()
        return
      }
      Reflect.set(socket, '_httpMessage', null)
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

function isBusy(socket: ReplaySocket): boolean {
  return Boolean(Reflect.get(socket, '_httpMessage'))
}

function mayKeep(socket: ReplaySocket, agent: Agent): boolean {
  const request: ClientRequest | null | undefined = Reflect.get(socket, '_httpMessage')
  return request?.shouldKeepAlive === true && Reflect.get(agent, 'keepAlive') === true
}
