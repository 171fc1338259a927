import { untilNextTurn, untilSo, within } from '../model/real-timers.ts'

/** How long to wait for recordings in flight, in milliseconds. */
const patience = 10_000
// No client follows more; what goes on for ever is not waited for.
const maxRedirects = 20
// A client has its answer in one or two, and asks in a few more.
const turnsToAsk = 10

/** Requests that are being answered. */
export class PendingWork {
  readonly #pending = new Set<Promise<void>>()

  /** @returns ends it; harmless twice */
  begin(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#pending.add(promise)
    return () => {
      this.#pending.delete(promise)
      resolve()
    }
  }

  /** Resolves once what was begun before has had its turn: `fetch` makes its request a little later. */
  async turn(): Promise<void> {
    await untilNextTurn()
  }

  /**
   * Resolves once all is done; says so if it had to give up waiting. What it gave up is not waited
   * for again.
   *
   * @returns whether all is done
   */
  async settle(): Promise<boolean> {
    const awaited = [...this.#pending]
    if (awaited.length === 0) return true
    if (await within(Promise.all(awaited), patience)) return true
    // Whoever settles next, such as the eject after a flush, does not wait as long again.
    const givenUp = awaited.filter((one) => this.#pending.delete(one))
    if (givenUp.length === 0) return false
    process.emitWarning(
      `[cassette] ${givenUp.length} request(s) were still unanswered after ` +
        `${patience / 1000} s and are not recorded. Await them before the test ends.`,
    )
    return false
  }

  /**
   * The same, with what a client asks for when it has got its answer: a redirect.
   *
   * @param before called each time before it waits
   * @param hops how many more there may be
   */
  async settleChains(before: () => Promise<void>, hops: number = maxRedirects): Promise<void> {
    const isAsked = await untilSo(() => this.#pending.size > 0, turnsToAsk)
    await before()
    const isDone = await this.settle()
    if (isAsked && isDone && hops > 0) await this.settleChains(before, hops - 1)
  }
}
