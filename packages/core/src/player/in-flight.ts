import type { CassetteName } from '../model/cassette-name.ts'
import type { RecordSignals } from '../model/interceptor.ts'
import { within } from '../model/real-timers.ts'

// How long a request waits for the answer to an equal one, in milliseconds. Tests time out in five
// seconds, and a server may answer only when it has both.
const patienceToBegin = 4000
const patienceToEnd = 2000

interface Asked {
  readonly hasBegun: Promise<void>
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

  begin(name: CassetteName): Omit<RecordSignals, 'leave'> & { readonly end: () => void } {
    const { promise: hasBegun, resolve: begun } = Promise.withResolvers<void>()
    const { promise: isOver, resolve } = Promise.withResolvers<void>()
    const asked: Asked = { hasBegun, isOver, wanted: new AbortController() }
    this.#all.add(asked)
    if (!this.#first.has(name)) this.#first.set(name, asked)
    const end = (): void => {
      this.#all.delete(asked)
      if (this.#first.get(name) === asked) this.#first.delete(name)
      resolve()
    }
    return { begun, wanted: asked.wanted.signal, end }
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
    asked.inTime ??= endsInTime(asked)
    return asked.inTime
  }

  /** Has the answers to all of them taken in whole. */
  takeAll(): void {
    for (const { wanted } of this.#all) wanted.abort()
  }
}

async function endsInTime({ hasBegun, isOver }: Asked): Promise<boolean> {
  const isInTime = await within(Promise.race([hasBegun, isOver]), patienceToBegin)
  return isInTime && within(isOver, patienceToEnd)
}
