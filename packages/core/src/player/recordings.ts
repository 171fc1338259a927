import type { CassetteLibrary } from '../model/cassette-library.ts'
import type { CassetteName } from '../model/cassette-name.ts'
import type { Interaction } from '../model/interaction.ts'
import { isSameRecording } from '../model/same-recording.ts'
import { slotOf } from '../storage/interaction-order.ts'

type Test = string | undefined

/** What a new recording comes in the place of, and with. */
export interface Placing {
  /** Its place in the sequence, as `reserve` gave it. */
  readonly index: number
  /** Recordings of its name that are out of date: its own test's go as a whole. */
  readonly outdated: readonly Interaction[]
  /** One that was to be left out; the new one takes its place in the sequence. */
  readonly leftOut: Interaction | undefined
  /** What other tests lent; they come at the head of the sequence. */
  readonly borrowed: readonly Interaction[]
  /** Whether an old recording that tells the same may stay as it is. */
  readonly maySpare: (old: Interaction) => boolean
}

/** What one player recorded into its library, and what that replaced: it can be taken back. */
export class Recordings {
  /** Recorded since the player was made. */
  readonly made: Set<Interaction> = new Set()
  readonly #library: CassetteLibrary
  readonly #attempts = new Map<Test, number>()
  readonly #reserved = new Set<Pick<Interaction, 'name' | 'test' | 'index'>>()
  // Since the last insertion:
  readonly #fresh = new Set<Interaction>()
  /** By their slots: of some, a person has made several. */
  readonly #replaced = new Map<string, readonly Interaction[]>()

  constructor(library: CassetteLibrary) {
    this.#library = library
  }

  /** From here on is what can be taken back. */
  begin(): void {
    this.#fresh.clear()
    this.#replaced.clear()
  }

  /** Which attempt at a test this is. What an earlier one has yet in flight is not wanted any more. */
  attempt(test: Test): number {
    return this.#attempts.get(test) ?? 0
  }

  /**
   * Takes the next place in a sequence for a request that goes to the network, so that a sequence has
   * the order of its requests, whichever is answered first.
   *
   * @param outdated recordings of the name that will not stay
   * @param first where the sequence begins, if nothing of it is stored
   * @returns the place, and what gives it back once its recording is added, or there is none
   */
  reserve(
    name: CassetteName,
    test: Test,
    outdated: readonly Interaction[],
    first: number,
  ): { readonly index: number; release(): void } {
    const isSame = (other: { name: string; test?: string }) =>
      other.name === name && other.test === test
    const staying = this.#library
      .find(name)
      .filter((other) => isSame(other) && (this.made.has(other) || !outdated.includes(other)))
    const awaited = [...this.#reserved].filter((other) => isSame(other))
    const taken = [...staying, ...awaited].map(({ index = 0 }) => index)
    const index = Math.max(first - 1, ...taken) + 1
    const reserved = { name, index, ...(test === undefined ? {} : { test }) }
    this.#reserved.add(reserved)
    return { index, release: () => void this.#reserved.delete(reserved) }
  }

  /**
   * Adds a recording to the sequence of its name and test.
   *
   * @param draft without its place in the sequence
   * @returns what the cassette has now: an old recording where it tells the same
   */
  add(draft: Interaction, { index, outdated, leftOut, borrowed, maySpare }: Placing): Interaction {
    const { test } = draft
    const isInPlace = leftOut !== undefined && leftOut.test === test
    if (isInPlace) this.#replace(leftOut)
    for (const old of outdated) {
      // A sequence that is being recorded goes on.
      if (old.test === test && !this.made.has(old)) this.#replace(old)
    }
    for (const [at, { test: _test, index: _index, ...rest }] of borrowed.entries()) {
      this.#make({ ...rest, ...place(test, at) })
    }
    const made = { ...draft, ...place(test, isInPlace ? (leftOut.index ?? 0) : index) }
    const old = this.#replaced.get(slotOf(made))?.at(0)
    const isSpared = old !== undefined && isSameRecording(old, made) && maySpare(old)
    return this.#make(isSpared ? old : made)
  }

  /** Takes back what a test recorded in this attempt, and gives back what that replaced. */
  discard(test: Test): void {
    for (const interaction of this.#fresh) {
      if (interaction.test !== test) continue
      this.#fresh.delete(interaction)
      this.made.delete(interaction)
      this.#library.remove(interaction)
    }
    for (const [slot, olds] of this.#replaced) {
      if (olds[0]?.test !== test) continue
      this.#replaced.delete(slot)
      for (const old of olds) this.#library.giveBack(old)
    }
    this.#attempts.set(test, this.attempt(test) + 1)
  }

  /** Takes back everything since the last insertion. */
  discardAll(): void {
    const tests = [...this.#fresh, ...[...this.#replaced.values()].flat()].map(({ test }) => test)
    for (const test of new Set(tests)) this.discard(test)
  }

  #make(interaction: Interaction): Interaction {
    this.#library.add(interaction)
    this.#fresh.add(interaction)
    this.made.add(interaction)
    return interaction
  }

  #replace(old: Interaction): void {
    this.#library.remove(old)
    this.made.delete(old)
    if (this.#fresh.delete(old)) return
    const slot = slotOf(old)
    this.#replaced.set(slot, [...(this.#replaced.get(slot) ?? []), old])
  }
}

function place(test: Test, index: number): Pick<Interaction, 'test' | 'index'> {
  return { ...(test === undefined ? {} : { test }), ...(index === 0 ? {} : { index }) }
}
