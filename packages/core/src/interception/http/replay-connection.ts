import { nextTurn } from '../../model/real-timers.ts'
import type { AnsweredConnection } from '../wire/replay-outcome.ts'
import type { ReplaySocket } from './replay-socket.ts'

/** The server's side of a socket without a connection. */
export class ReplayConnection implements AnsweredConnection {
  readonly socket: ReplaySocket

  constructor(socket: ReplaySocket) {
    this.socket = socket
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.push(bytes)) await this.drained()
  }

  push(bytes: Uint8Array): boolean {
    return this.socket.hear(bytes)
  }

  async drained(): Promise<void> {
    const { socket } = this
    if (socket.destroyed) return
    const { promise, resolve } = Promise.withResolvers<void>()
    socket.onceDrained(resolve)
    socket.once('close', resolve)
    await promise
    socket.removeListener('close', resolve)
  }

  end(): void {
    const { socket } = this
    // A client that has all it waits for leaves before it hears of the end.
    nextTurn(() => socket.destroyed || socket.push(null))
  }

  done(): void {}
}
