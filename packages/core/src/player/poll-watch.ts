import type { Interaction } from '../model/interaction.ts'
import { realNow } from '../model/real-timers.ts'

const limit = 100
const second = 1000

/** Points out, once, a poll that gets the same recorded answer over and over and will never end. */
export class PollWatch {
  /** When an interaction was replayed the last times. */
  readonly #times = new Map<Interaction, number[]>()
  #hasWarned = false

  replayed(interaction: Interaction, path: string): void {
    if (this.#hasWarned) return
    const times = this.#times.get(interaction) ?? []
    this.#times.set(interaction, times)
    const now = realNow()
    if (times.push(now) <= limit) return
    if (now - times.shift()! >= second) return
    this.#hasWarned = true
    const { method, url } = interaction.request
    process.emitWarning(
      `[cassette] One recording in ${path} answered ${method} ${url} more than ${limit} times in a ` +
        'second. If this polls for another answer, set allowPlaybackRepeats: false and record the ' +
        'whole sequence with CASSETTE_MODE=all.',
    )
  }
}
