import { describeFindings } from '../../model/errors/secret-found-error.ts'
import type { Interaction } from '../../model/interaction.ts'
import type { RedactionRules } from '../../model/redaction/redaction-rules.ts'
import { Redactor } from '../../model/redaction/redactor.ts'
import type { Destination, SecretFinding, SecretScanner } from '../../model/secret-scanner.ts'
import { interactionDocument } from '../../storage/cassette-document.ts'
import { findSecrets, type Detected } from './find-secrets.ts'
import type { OnSecret } from './on-secret.ts'
import { otherTitle } from './redact-remedy.ts'

/** Looks at every recording before it is written, as the option `onSecret` says. */
export class NewRecordingScanner implements SecretScanner {
  readonly #onSecret: OnSecret
  readonly #rules: () => RedactionRules | undefined

  /** @param rules in force; nothing where nothing is redacted */
  constructor(onSecret: OnSecret, rules: () => RedactionRules | undefined) {
    this.#onSecret = onSecret
    this.#rules = rules
  }

  async check(
    interaction: Interaction,
    destination: Destination,
  ): Promise<readonly SecretFinding[]> {
    if (this.#onSecret === 'off') return []
    const found = await findSecrets(interactionDocument(interaction))
    if (!found.some(({ place }) => place === 'test')) found.push(...this.#inTitle(interaction))
    const findings = found.map((finding) => told(finding, destination))
    if (this.#onSecret === 'error' || findings.length === 0) return findings
    process.emitWarning(
      `[cassette] Recorded, and looks like a secret:\n\n${describeFindings(findings)}`,
    )
    return []
  }

  // It is looked for, and not redacted: by the title of its test a recording is found.
  #inTitle({ test }: Interaction): Detected[] {
    const rules = this.#rules()
    if (test === undefined || rules === undefined) return []
    const isClean = new Redactor(rules).text(test) === test
    return isClean ? [] : [{ place: 'test', rule: 'redact', remedy: otherTitle, secret: test }]
  }
}

// A secret in a path is in the names that are made of it, too.
function told({ secret, place, ...rest }: Detected, { file, within }: Destination): SecretFinding {
  const masked = (text: string): string =>
    text.replaceAll(secret, '…').replaceAll(secret.replaceAll(/[^A-Za-z0-9._-]/g, '_'), '…')
  return {
    file: masked(file),
    place: masked(within === undefined ? place : `${within}.${place}`),
    ...rest,
  }
}
