import type { CassetteName } from '../model/cassette-name.ts'
import type { Interaction } from '../model/interaction.ts'
import type { MatcherSet } from '../model/matcher-set.ts'
import { presentNames, type StaleInteraction } from '../model/present-names.ts'
import { InteractionIndex } from './interaction-index.ts'
import { compareInteractions } from './interaction-order.ts'
import { PendingChanges } from './pending-changes.ts'

/** What a library knows of its interactions: as they are stored, renamed, and not yet saved. */
export class LibraryContents {
  readonly changes: PendingChanges = new PendingChanges()
  readonly #matchers: MatcherSet | undefined
  /** What was renamed in memory, by what is stored, and the reverse. */
  readonly #present = new Map<Interaction, Interaction>()
  readonly #stored = new Map<Interaction, Interaction>()
  #index = new InteractionIndex()
  #stale: readonly StaleInteraction[] = []
  #isWhole = false

  /** @param matchers in force; without them every interaction keeps the name it is stored by */
  constructor(matchers?: MatcherSet) {
    this.#matchers = matchers
  }

  /** That of the matchers in force. */
  get fingerprint(): string | undefined {
    return this.#matchers?.fingerprint
  }

  get stale(): readonly StaleInteraction[] {
    return this.#stale
  }

  get(name: CassetteName): readonly Interaction[] {
    return this.#index.get(name)
  }

  /** Whether nothing that is not read yet can change what is known of a name. */
  isSettled(name: CassetteName): boolean {
    if (this.#isWhole) return true
    const found = this.#index.get(name)
    const fingerprint = this.#matchers?.fingerprint
    return (
      found.length > 0 &&
      found.every(({ matchOn }) => fingerprint === undefined || matchOn === fingerprint)
    )
  }

  all(): readonly Interaction[] {
    const stale = this.#stale.map(({ interaction }) => interaction)
    return [...this.#index.all(), ...stale].toSorted(compareInteractions)
  }

  /** As it is stored, where it was renamed. */
  storedAs(interaction: Interaction): Interaction {
    return this.#stored.get(interaction) ?? interaction
  }

  /** Takes in interactions that were read, in the order of their file or of their places. */
  keep(interactions: readonly Interaction[]): void {
    this.#index.addAll(interactions)
  }

  /** Says that all that is stored was taken in: what other matchers named is renamed, once. */
  complete(): void {
    if (this.#isWhole) return
    this.#isWhole = true
    if (this.#matchers === undefined) return
    const all = this.#index.all()
    const { renamed, stale } = presentNames(all, this.#matchers)
    if (renamed.size === 0 && stale.length === 0) return
    for (const [stored, present] of renamed) {
      this.#present.set(stored, present)
      this.#stored.set(present, stored)
    }
    this.#stale = stale
    this.#index = this.#indexOf(all)
  }

  /** Takes what stands on disk now for what is stored; what is not saved yet stays. */
  restock(stored: readonly Interaction[]): void {
    this.#index = this.#indexOf(stored)
    for (const interaction of this.changes.removed) {
      this.#index.delete(this.#present.get(interaction) ?? interaction)
    }
    for (const interaction of this.changes.added) this.#index.add(interaction)
  }

  /** Adds an interaction in the place of any with its name, test and index. */
  add(interaction: Interaction): void {
    this.#settle(interaction.name)
    for (const replaced of this.#index.inSlotOf(interaction)) this.remove(replaced)
    this.#index.add(interaction)
    this.changes.add(interaction)
  }

  /** Adds again what was removed, beside others of its name, test and index. */
  giveBack(interaction: Interaction): void {
    this.#settle(interaction.name)
    this.#index.add(interaction)
    this.changes.add(interaction)
  }

  remove(interaction: Interaction): void {
    const isStale = this.#stale.some((one) => one.interaction === interaction)
    if (isStale) this.#stale = this.#stale.filter((one) => one.interaction !== interaction)
    if (isStale || this.#index.delete(interaction)) this.changes.remove(this.storedAs(interaction))
  }

  /** Forgets what was added and is not to be written, and takes back what it would have replaced. */
  undo(added: readonly Interaction[], removed: readonly Interaction[]): void {
    for (const interaction of added) this.#index.delete(interaction)
    for (const interaction of removed)
      this.#index.add(this.#present.get(interaction) ?? interaction)
  }

  // What joins a sequence is found by the present name, and so must be what it joins.
  #settle(name: CassetteName): void {
    for (const interaction of this.#index.get(name)) {
      const stored = this.#stored.get(interaction)
      if (stored === undefined) continue
      this.#stored.delete(interaction)
      this.#present.delete(stored)
      this.changes.remove(stored)
      this.changes.add(interaction)
    }
  }

  #indexOf(stored: readonly Interaction[]): InteractionIndex {
    const stale = new Set(this.#stale.map(({ interaction }) => interaction))
    const answering = stored.filter((interaction) => !stale.has(interaction))
    return new InteractionIndex(answering.map((one) => this.#present.get(one) ?? one))
  }
}
