// A test's fake timers must not stop the clock here.
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis

/** How long to wait for recordings in flight, in milliseconds. */
const patience = 10_000

/** Requests that are being answered. */
export class PendingWork {
  readonly #pending = new Set<Promise<void>>()

  track(work: Promise<void>): Promise<void> {
    const done = work.finally(() => this.#pending.delete(done))
    this.#pending.add(done)
    return done
  }

  /** Resolves once all is done; says so if it had to give up waiting. */
  async settle(): Promise<void> {
    if (this.#pending.size === 0) return
    const waited = Promise.withResolvers<'gave up'>()
    const timer = startTimer(() => waited.resolve('gave up'), patience)
    const outcome = await Promise.race([Promise.allSettled(this.#pending), waited.promise])
    stopTimer(timer)
    if (outcome !== 'gave up') return
    process.emitWarning(
      `[cassette] ${this.#pending.size} request(s) were still unanswered after ` +
        `${patience / 1000} s and are not recorded. Await them before the test ends.`,
    )
  }
}
