import type { Connection } from '../wire/connection.ts'
import { decided, undecided, type EngineController } from './nock-engine.ts'

/** Decides a request that nobody else on the engine has heard of. */
export class OwnController implements Omit<EngineController, 'respondWith'> {
  readyState: number = undecided
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  errorWith(error: Error): void {
    this.readyState = decided
    this.#connection.socket.destroy(error)
  }

  passthrough(): void {
    this.readyState = decided
    this.#connection.passThrough()
  }
}
