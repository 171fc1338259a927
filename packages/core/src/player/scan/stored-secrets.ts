import type { Interaction } from '../../model/interaction.ts'
import type { MatcherSet } from '../../model/matcher-set.ts'
import { redactAgain } from '../../model/redaction/redact-again.ts'
import type { RedactionRules } from '../../model/redaction/redaction-rules.ts'
import { interactionDocument } from '../../storage/cassette-document.ts'
import { findSecrets } from './find-secrets.ts'
import { leavesOf, placeOf } from './scan-text.ts'

/** A stored interaction with secrets in it. */
export interface StoredSecrets {
  readonly interaction: Interaction
  /** Places in the interaction, and what found them: `redact`, or a rule of the scan. */
  readonly findings: readonly { readonly place: string; readonly rule: string }[]
  /** The interaction as the rules redact it; absent where they find nothing in it. */
  readonly redacted?: Interaction
}

/**
 * Finds what stands unredacted in a cassette: what the rules in force would hide, and what the scan
 * before a write would refuse.
 *
 * @param interactions all of one cassette
 * @param rules nothing where nothing is redacted: then the scan alone looks
 */
export async function storedSecrets(
  interactions: readonly Interaction[],
  rules: RedactionRules | undefined,
  matchers: MatcherSet,
): Promise<readonly StoredSecrets[]> {
  const redacted =
    rules === undefined
      ? new Map<Interaction, Interaction>()
      : redactAgain(interactions, rules, matchers)
  const found: StoredSecrets[] = []
  for (const interaction of interactions) {
    const after = redacted.get(interaction)
    const places = after === undefined ? [] : changedPlaces(interaction, after)
    // oxlint-disable-next-line no-await-in-loop -- a scan is work for the processor, not a wait
    const scanned = await findSecrets(interactionDocument(after ?? interaction))
    const findings = [
      ...places.map((place) => ({ place, rule: 'redact' })),
      ...scanned.map(({ place, rule }) => ({ place, rule })),
    ]
    if (findings.length === 0) continue
    found.push({ interaction, findings, ...(after === undefined ? {} : { redacted: after }) })
  }
  return found
}

function changedPlaces(before: Interaction, after: Interaction): string[] {
  const fresh = new Map(
    leavesOf(interactionDocument(after)).map(({ keys, text }) => [placeOf(keys), text]),
  )
  const kept = JSON.stringify(interactionDocument(after))
  // A key may be the secret itself; those of the format are not.
  const told = (key: string | number, at: number): string | number =>
    at < 3 || typeof key === 'number' || kept.includes(JSON.stringify(key).slice(1, -1)) ? key : '…'
  return leavesOf(interactionDocument(before))
    .filter(({ keys, text }) => fresh.get(placeOf(keys)) !== text)
    .map(({ keys }) => placeOf(keys.map(told)))
}
