import type { Interaction } from '../model/interaction.ts'

/** The place of an interaction among all others; a recording takes the one that stands there away. */
export function slotOf({ name, test, index = 0 }: Interaction): string {
  return JSON.stringify([name, test ?? null, index])
}

/** Whether two interactions are copies of one recording. */
export function isSameRecording(one: Interaction, other: Interaction): boolean {
  return one.recordedAt === other.recordedAt && slotOf(one) === slotOf(other)
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
