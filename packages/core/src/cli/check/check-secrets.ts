import { basename, dirname, join } from 'node:path'
import { hashInFileName, hashInName } from '../../model/cassette-name.ts'
import type { Interaction } from '../../model/interaction.ts'
import type { MatcherSet } from '../../model/matcher-set.ts'
import type { RedactionRules } from '../../model/redaction/redaction-rules.ts'
import { storedSecrets } from '../../player/scan/stored-secrets.ts'
import type { Finding, FixableFinding } from './finding.ts'
import type { FoundCassette } from './recording.ts'

/** Finds the recordings of a cassette with secrets in them. */
export async function checkSecrets(
  { recordings }: FoundCassette,
  rules: RedactionRules | undefined,
  matchers: MatcherSet,
): Promise<(Finding | FixableFinding)[]> {
  const interactions = recordings.map(({ interaction }) => interaction)
  const found = await storedSecrets(interactions, rules, matchers)
  return found.flatMap(({ interaction, findings, redacted }): (Finding | FixableFinding)[] => {
    const recording = recordings.find((one) => one.interaction === interaction)!
    const { file } = recording
    const isInName =
      readablePart(redacted ?? interaction) !== readablePart(interaction) ||
      findings.some(({ place, rule }) => rule !== 'redact' && place === 'request.url')
    const shown = isInName
      ? { shown: { file: withoutReadablePart(file), name: `… ${hashInName(interaction.name)}` } }
      : {}
    const about = { file, name: interaction.name, kind: 'secret', recording, ...shown } as const
    const told = (fixable: boolean): string | undefined => {
      const places = findings.filter(({ rule }) => (rule === 'redact') === fixable)
      if (places.length === 0) return undefined
      return `a secret at ${places.map(({ place, rule }) => `${place} (${rule})`).join(', ')}`
    }
    const [hidden, visible] = [told(true), told(false)]
    return [
      ...(hidden === undefined || redacted === undefined
        ? []
        : [{ ...about, problem: hidden, present: redacted }]),
      // No rule of `redact` hides it: that takes a person.
      ...(visible === undefined ? [] : [{ ...about, problem: visible }]),
    ]
  })
}

function readablePart({ name }: Interaction): string {
  return name.slice(0, -hashInName(name).length)
}

/** What is left to tell of a path that has a secret in the readable part of its file name. */
export function withoutReadablePart(file: string): string {
  const fileName = basename(file)
  const hash = hashInFileName(fileName.toLowerCase())
  if (hash === undefined) return file
  return join(dirname(file), `…${fileName.slice(fileName.toLowerCase().lastIndexOf(hash))}`)
}
