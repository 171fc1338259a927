import type { CassetteName } from '../model/cassette-name.ts'
import { within } from '../model/real-timers.ts'

/** How long a request waits for the answer to an equal one, in milliseconds: tests time out in five. */
const patience = 2000

interface Asked {
  readonly isOver: Promise<void>
  /** Fires where all of the answer is wanted, whether its client reads it or not. */
  readonly wanted: AbortController
}

/** Requests under way to the network. Who makes one of them again waits for its answer. */
export class InFlight {
  readonly #all = new Set<Asked>()
  readonly #latest = new Map<CassetteName, Asked>()

  begin(name: CassetteName): { readonly wanted: AbortSignal; readonly end: () => void } {
    const { promise, resolve } = Promise.withResolvers<void>()
    const asked = { isOver: promise, wanted: new AbortController() }
    this.#all.add(asked)
    this.#latest.set(name, asked)
    const end = (): void => {
      this.#all.delete(asked)
      if (this.#latest.get(name) === asked) this.#latest.delete(name)
      resolve()
    }
    return { wanted: asked.wanted.signal, end }
  }

  has(name: CassetteName): boolean {
    return this.#latest.has(name)
  }

  /**
   * Waits for a request under way. Its client may leave the answer unread, which would hold it up.
   *
   * @returns whether it is over, or others are under way meanwhile; an answer may also never end
   */
  async wait(name: CassetteName): Promise<boolean> {
    const asked = this.#latest.get(name)
    if (asked === undefined) return true
    asked.wanted.abort()
    return (await within(asked.isOver, patience)) || this.#latest.get(name) !== asked
  }

  /** Has the answers to all of them taken in whole. */
  takeAll(): void {
    for (const { wanted } of this.#all) wanted.abort()
  }
}
