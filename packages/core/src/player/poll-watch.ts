import type { Interaction } from '../model/interaction.ts'
import { realNow } from '../model/real-timers.ts'

const limit = 100
const second = 1000

/** Points out, once, a poll that gets the same recorded answer over and over and will never end. */
export class PollWatch {
  /** When an interaction began its last hundred of replays. */
  readonly #begun = new Map<Interaction, number>()
  #hasWarned = false

  /** @param count how often it was replayed by now */
  replayed(interaction: Interaction, count: number, path: string): void {
    if (this.#hasWarned || count % limit !== 1) return
    const now = realNow()
    const before = this.#begun.get(interaction)
    this.#begun.set(interaction, now)
    if (before === undefined || now - before >= second) return
    this.#hasWarned = true
    const { method, url } = interaction.request
    process.emitWarning(
      `[cassette] One recording in ${path} answered ${method} ${url} more than ${limit} times in a ` +
        'second. If this polls for another answer, set allowPlaybackRepeats: false and record the ' +
        'whole sequence with CASSETTE_MODE=all.',
    )
  }
}
