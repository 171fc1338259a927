import { startTimer, stopTimer, untilNextTurn } from '../model/real-timers.ts'

/** How long to wait for recordings in flight, in milliseconds. */
const patience = 10_000

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

  /** Resolves once all is done; says so if it had to give up waiting. */
  async settle(): Promise<void> {
    if (this.#pending.size === 0) return
    const waited = Promise.withResolvers<'gave up'>()
    const timer = startTimer(() => waited.resolve('gave up'), patience)
    const outcome = await Promise.race([Promise.all(this.#pending), waited.promise])
    stopTimer(timer)
    if (outcome !== 'gave up') return
    process.emitWarning(
      `[cassette] ${this.#pending.size} request(s) were still unanswered after ` +
        `${patience / 1000} s and are not recorded. Await them before the test ends.`,
    )
  }
}
