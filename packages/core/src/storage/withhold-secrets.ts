import { SecretFoundError } from '../model/errors/secret-found-error.ts'
import type { Interaction } from '../model/interaction.ts'
import type { Destination, SecretFinding, SecretScanner } from '../model/secret-scanner.ts'
import { slotOf } from './interaction-order.ts'
import type { PendingChanges } from './pending-changes.ts'

/** What was taken out of the changes before they were written. */
export interface Withheld {
  readonly added: readonly Interaction[]
  /** What the added ones would have replaced: it stays as it was. */
  readonly removed: readonly Interaction[]
  readonly error: SecretFoundError
}

/**
 * Takes out of changes what seems to hold a secret.
 *
 * @returns what was taken out; nothing where all may be written
 */
export async function withholdSecrets(
  changes: PendingChanges,
  scanner: SecretScanner | undefined,
  destinationOf: (interaction: Interaction) => Destination,
): Promise<Withheld | undefined> {
  if (scanner === undefined) return undefined
  const added: Interaction[] = []
  const findings: SecretFinding[] = []
  for (const interaction of changes.added) {
    // oxlint-disable-next-line no-await-in-loop -- a scan is work for the processor, not a wait
    const found = await scanner.check(interaction, destinationOf(interaction))
    if (found.length > 0) added.push(interaction)
    findings.push(...found)
  }
  if (findings.length === 0) return undefined
  for (const interaction of added) changes.added.delete(interaction)
  const removed = replacedBy(added, changes)
  for (const interaction of removed) changes.removed.delete(interaction)
  return { added, removed, error: new SecretFoundError(findings) }
}

function replacedBy(
  withheld: readonly Interaction[],
  { added, removed }: PendingChanges,
): Interaction[] {
  const replaced = new Set([...added].map(slotOf))
  return [...removed].filter(
    (old) =>
      !replaced.has(slotOf(old)) &&
      withheld.some(
        ({ name, test, response }) =>
          (name === old.name && test === old.test) ||
          // It was renamed in memory.
          (response !== undefined && response === old.response),
      ),
  )
}
