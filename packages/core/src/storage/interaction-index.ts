import type { CassetteName } from '../model/cassette-name.ts'
import type { Interaction } from '../model/interaction.ts'
import { compareInteractions, slotOf } from './interaction-order.ts'

/** Interactions by name, those of a name in recorded order. Lists it gave away never change. */
export class InteractionIndex {
  readonly #byName: Map<CassetteName, readonly Interaction[]>

  constructor(interactions: readonly Interaction[] = []) {
    const byName = new Map<CassetteName, Interaction[]>()
    for (const interaction of interactions.toSorted(compareInteractions)) {
      const list = byName.get(interaction.name)
      if (list === undefined) byName.set(interaction.name, [interaction])
      else list.push(interaction)
    }
    this.#byName = byName
  }

  get(name: CassetteName): readonly Interaction[] {
    return this.#byName.get(name) ?? []
  }

  all(): readonly Interaction[] {
    return [...this.#byName.values()].flat().toSorted(compareInteractions)
  }

  inSlotOf(interaction: Interaction): readonly Interaction[] {
    const slot = slotOf(interaction)
    return this.get(interaction.name).filter((candidate) => slotOf(candidate) === slot)
  }

  add(interaction: Interaction): void {
    const list = this.get(interaction.name)
    const at = list.findLastIndex((other) => compareInteractions(other, interaction) <= 0) + 1
    this.#byName.set(interaction.name, list.toSpliced(at, 0, interaction))
  }

  addAll(interactions: readonly Interaction[]): void {
    for (const [name, added] of Map.groupBy(interactions, (one) => one.name)) {
      const list = [...this.get(name), ...added]
      this.#byName.set(name, list.length === 1 ? list : list.toSorted(compareInteractions))
    }
  }

  /** @returns whether it was there */
  delete(interaction: Interaction): boolean {
    const list = this.get(interaction.name)
    const at = list.indexOf(interaction)
    if (at === -1) return false
    this.#byName.set(interaction.name, list.toSpliced(at, 1))
    return true
  }
}
