import type { CassetteName } from '../model/cassette-name.ts'
import { within } from '../model/real-timers.ts'

/** How long a request waits for the answer to an equal one, in milliseconds: tests time out in five. */
const patience = 2000

interface Asked {
  readonly isOver: Promise<void>
  /** Fires where all of the answer is wanted, whether its client reads it or not. */
  readonly wanted: AbortController
  /** Whether it is over in time; from the first who waits for it. */
  inTime?: Promise<boolean>
}

/** Requests under way to the network. Who makes one of them again waits for its answer. */
export class InFlight {
  readonly #all = new Set<Asked>()
  readonly #first = new Map<CassetteName, Asked>()

  begin(name: CassetteName): { readonly wanted: AbortSignal; readonly end: () => void } {
    const { promise, resolve } = Promise.withResolvers<void>()
    const asked: Asked = { isOver: promise, wanted: new AbortController() }
    this.#all.add(asked)
    if (!this.#first.has(name)) this.#first.set(name, asked)
    const end = (): void => {
      this.#all.delete(asked)
      if (this.#first.get(name) === asked) this.#first.delete(name)
      resolve()
    }
    return { wanted: asked.wanted.signal, end }
  }

  has(name: CassetteName): boolean {
    return this.#first.has(name)
  }

  /**
   * Waits for a request under way. Its client may leave the answer unread, which would hold it up.
   *
   * @returns whether it is over in time: it may also never end, and who asks later knows at once
   */
  async wait(name: CassetteName): Promise<boolean> {
    const asked = this.#first.get(name)
    if (asked === undefined) return true
    asked.wanted.abort()
    asked.inTime ??= within(asked.isOver, patience)
    return asked.inTime
  }

  /** Has the answers to all of them taken in whole. */
  takeAll(): void {
    for (const { wanted } of this.#all) wanted.abort()
  }
}
