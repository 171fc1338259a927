/** Runs tasks one after the other, in the order they came. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** Whether no task runs or waits. */
  get isIdle(): boolean {
    return this.#waiting === 0
  }

  async run(task: () => Promise<void>): Promise<void> {
    this.#waiting += 1
    const turn = this.#last.then(task)
    this.#last = turn.catch(() => undefined)
    try {
      await turn
    } finally {
      this.#waiting -= 1
    }
  }
}
