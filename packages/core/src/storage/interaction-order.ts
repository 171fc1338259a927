import type { Interaction } from '../model/interaction.ts'

/** What places an interaction: of one name, test and index a cassette keeps one recording. */
export function slotOf({ name, test, index = 0 }: Interaction): string {
  return JSON.stringify([name, test ?? null, index])
}

/** Sorts by name, test (no test first) and index, whatever the language of the machine. */
export function compareInteractions(one: Interaction, other: Interaction): number {
  return (
    compareTexts(one.name, other.name) ||
    compareTexts(one.test, other.test) ||
    (one.index ?? 0) - (other.index ?? 0)
  )
}

function compareTexts(one: string | undefined, other: string | undefined): number {
  if (one === other) return 0
  if (one === undefined) return -1
  return other === undefined || one > other ? 1 : -1
}
