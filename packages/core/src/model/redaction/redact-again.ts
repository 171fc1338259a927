import { cassetteName } from '../cassette-name.ts'
import type { Interaction } from '../interaction.ts'
import type { MatcherSet } from '../matcher-set.ts'
import { Numbering } from './placeholders.ts'
import type { RedactionRules } from './redaction-rules.ts'
import { Redactor } from './redactor.ts'

/**
 * Redacts what was stored by older rules, or by none, as it would be recorded today: the interactions
 * of one cassette in the order they were recorded in, since placeholders are numbered. One that the
 * matchers in force named is named again, by its redacted request.
 *
 * @returns those that change, with what becomes of them
 */
export function redactAgain(
  interactions: readonly Interaction[],
  rules: RedactionRules,
  matchers: MatcherSet,
): ReadonlyMap<Interaction, Interaction> {
  const handedOut = new Numbering()
  const redactors = new Map<string | undefined, Redactor>()
  const changed = new Map<Interaction, Interaction>()
  const inOrder = interactions.toSorted((one, other) => compare(one.recordedAt, other.recordedAt))
  for (const interaction of inOrder) {
    const redactor = redactors.get(interaction.test) ?? new Redactor(rules, handedOut)
    redactors.set(interaction.test, redactor)
    const redacted = redactedBy(redactor, interaction, matchers)
    if (JSON.stringify(redacted) !== JSON.stringify(interaction)) changed.set(interaction, redacted)
  }
  return changed
}

function redactedBy(
  redactor: Redactor,
  interaction: Interaction,
  matchers: MatcherSet,
): Interaction {
  const { error, matchOn, response } = interaction
  const request = redactor.request(interaction.request)
  const name = matchOn === matchers.fingerprint ? cassetteName(request, matchers) : interaction.name
  return {
    ...interaction,
    name,
    request,
    ...(response === undefined ? {} : { response: redactor.response(response, request) }),
    ...(error === undefined ? {} : { error: redactor.failure(error) }),
  }
}

function compare(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
