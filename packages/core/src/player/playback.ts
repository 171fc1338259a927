import type { CassetteName } from '../model/cassette-name.ts'
import type { Interaction, RecordedResponse } from '../model/interaction.ts'

// A client repeats a request after these to get another answer, or all of it: the repeat is a new
// recording.
const retried = ({ response }: Interaction): boolean =>
  response === undefined ||
  isBrokenOff(response) ||
  response.status >= 500 ||
  [401, 408, 425, 429].includes(response.status)

// A WebSocket that its client closes has said all that it had to.
const isBrokenOff = ({ status, truncated }: RecordedResponse): boolean =>
  truncated === true && status !== 101

/** Decides which of a name's interactions answers, and remembers what was played. */
export class Playback {
  readonly #allowRepeats: boolean
  /** How many of a name's interactions were played, by test and name. */
  readonly #played = new Map<string, number>()
  readonly #byTest = new WeakMap<
    readonly Interaction[],
    ReadonlyMap<string | undefined, readonly Interaction[]>
  >()
  readonly #borrowedBy = new Map<string, Interaction[]>()
  readonly #wasRecorded: (interaction: Interaction) => boolean
  readonly #isGone: (test: string) => boolean
  /** Which test has the recordings of one that is gone: it was renamed, as far as can be told. */
  readonly #heirs = new Map<string, string | undefined>()

  /**
   * @param wasRecorded whether this run recorded an interaction
   * @param isGone whether a test of that name is there no longer
   */
  constructor(
    allowRepeats: boolean,
    wasRecorded: (interaction: Interaction) => boolean,
    isGone: (test: string) => boolean,
  ) {
    this.#allowRepeats = allowRepeats
    this.#wasRecorded = wasRecorded
    this.#isGone = isGone
  }

  /**
   * The interaction that answers, or `undefined` where a new one is called for.
   *
   * @param stored of one name, in recorded order
   * @param test the test that asks, where a runner told it
   * @param mayRecord whether a repeat after a failure may go to the network
   */
  next(
    stored: readonly Interaction[],
    name: CassetteName,
    test: string | undefined,
    mayRecord: boolean,
  ): Interaction | undefined {
    const own = this.#ownOf(stored, test)
    const sequence = own.length > 0 ? own : this.#lendable(this.#inherited(stored, test), mayRecord)
    // However often it was played, nothing comes after it.
    if (sequence.length === 1 && this.#allowRepeats && !mayRecord) return sequence[0]
    const key = slot(name, test)
    const at = this.#played.get(key) ?? 0
    const next = sequence[at]
    if (next !== undefined) {
      this.#played.set(key, at + 1)
      if (own.length === 0 && !this.#allowRepeats) this.#noteBorrowed(key, next)
      return next
    }
    const last = sequence.at(-1)
    if (last === undefined || !this.#allowRepeats) return undefined
    const isRetry = mayRecord && this.#mayBeRetried(last)
    return isRetry ? undefined : last
  }

  /** Counts a fresh recording as played by the request that made it. */
  recorded(interaction: Interaction): void {
    const key = slot(interaction.name, interaction.test)
    this.#played.set(key, (this.#played.get(key) ?? 0) + 1)
  }

  /** How many a test was lent of a name and nobody has taken yet. */
  borrowed(name: CassetteName, test: string | undefined): number {
    return this.#borrowedBy.get(slot(name, test))?.length ?? 0
  }

  /** What a test was lent of a name; handed over once. */
  takeBorrowed(name: CassetteName, test: string | undefined): readonly Interaction[] {
    const key = slot(name, test)
    const borrowed = this.#borrowedBy.get(key) ?? []
    this.#borrowedBy.delete(key)
    return borrowed
  }

  /** Makes everything playable again, or what one test played. */
  rewind(test?: string): void {
    for (const key of this.#played.keys()) {
      if (test !== undefined && testOf(key) !== test) continue
      this.#played.delete(key)
      this.#borrowedBy.delete(key)
    }
  }

  // A test without recordings of its own is answered from those of others. Repeats allowed, it gets
  // how the other's sequence ended, if that may be the end; else the sequence, but not one that
  // another test records now.
  #lendable(stored: readonly Interaction[], mayRecord: boolean): readonly Interaction[] {
    if (!this.#allowRepeats) return stored.filter((one) => !this.#wasRecorded(one))
    return stored.slice(-1).filter((last) => !mayRecord || !this.#mayBeRetried(last))
  }

  // A test that was renamed has no recordings of its own: those of one that is gone are its own, and
  // not those that come first. Without such a test all are lent.
  #inherited(stored: readonly Interaction[], test: string | undefined): readonly Interaction[] {
    const former = stored.find(
      (one) =>
        one.test !== undefined &&
        this.#isGone(one.test) &&
        (!this.#heirs.has(one.test) || this.#heirs.get(one.test) === test),
    )
    if (former?.test === undefined) return stored
    this.#heirs.set(former.test, test)
    return stored.filter((one) => one.test === former.test)
  }

  // A list never changes; a test that polls asks the same one again and again.
  #ownOf(stored: readonly Interaction[], test: string | undefined): readonly Interaction[] {
    const [first] = stored
    if (first !== undefined && stored.length === 1) return first.test === test ? stored : []
    let byTest = this.#byTest.get(stored)
    if (byTest === undefined) {
      byTest = Map.groupBy(stored, (interaction) => interaction.test)
      this.#byTest.set(stored, byTest)
    }
    return byTest.get(test) ?? []
  }

  #mayBeRetried(last: Interaction): boolean {
    return this.#wasRecorded(last) && retried(last)
  }

  #noteBorrowed(key: string, interaction: Interaction): void {
    this.#borrowedBy.set(key, [...(this.#borrowedBy.get(key) ?? []), interaction])
  }
}

// A name has no line end, which the title of a test may have.
function slot(name: CassetteName, test: string | undefined): string {
  return test === undefined ? name : `${name}\n${test}`
}

function testOf(slotted: string): string | undefined {
  const end = slotted.indexOf('\n')
  return end < 0 ? undefined : slotted.slice(end + 1)
}
