import type { Interaction } from '../model/interaction.ts'

/** What was added to a library and removed from it since it was saved. */
export class PendingChanges {
  readonly added: Set<Interaction> = new Set()
  readonly removed: Set<Interaction> = new Set()

  get isEmpty(): boolean {
    return this.added.size === 0 && this.removed.size === 0
  }

  add(interaction: Interaction): void {
    if (!this.removed.delete(interaction)) this.added.add(interaction)
  }

  remove(interaction: Interaction): void {
    if (!this.added.delete(interaction)) this.removed.add(interaction)
  }

  /** Takes the changes out, to save them; those that come meanwhile belong to the next save. */
  take(): PendingChanges {
    const taken = new PendingChanges()
    taken.putBack(this)
    this.added.clear()
    this.removed.clear()
    return taken
  }

  /** Puts changes back that could not be saved, below those that came meanwhile. */
  putBack({ added, removed }: PendingChanges): void {
    for (const interaction of added) this.add(interaction)
    for (const interaction of removed) this.remove(interaction)
  }
}
