import { describeFindings } from '../../model/errors/secret-found-error.ts'
import type { Interaction } from '../../model/interaction.ts'
import type { Destination, SecretFinding, SecretScanner } from '../../model/secret-scanner.ts'
import { interactionDocument } from '../../storage/cassette-document.ts'
import { findSecrets, type Detected } from './find-secrets.ts'
import type { OnSecret } from './on-secret.ts'

/** Looks at every recording before it is written, as the option `onSecret` says. */
export class NewRecordingScanner implements SecretScanner {
  readonly #onSecret: OnSecret

  constructor(onSecret: OnSecret) {
    this.#onSecret = onSecret
  }

  async check(
    interaction: Interaction,
    destination: Destination,
  ): Promise<readonly SecretFinding[]> {
    if (this.#onSecret === 'off') return []
    const found = await findSecrets(interactionDocument(interaction))
    const findings = found.map((finding) => told(finding, destination))
    if (this.#onSecret === 'error' || findings.length === 0) return findings
    process.emitWarning(
      `[cassette] Recorded, and looks like a secret:\n\n${describeFindings(findings)}`,
    )
    return []
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
