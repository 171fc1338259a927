import { OptionError } from '../../model/errors/option-error.ts'
import { describeFindings } from '../../model/errors/secret-found-error.ts'
import type { Interaction } from '../../model/interaction.ts'
import type { Destination, SecretFinding, SecretScanner } from '../../model/secret-scanner.ts'
import { interactionDocument } from '../../storage/cassette-document.ts'
import { findSecrets, type Detected } from './find-secrets.ts'

/** What a recording that looks as if it held a secret does: fail the test, warn, or nothing. */
export type OnSecret = 'error' | 'warn' | 'off'

const reactions: readonly OnSecret[] = ['error', 'warn', 'off']

/**
 * The option `onSecret`.
 *
 * @throws OptionError that lists the valid values
 */
export function onSecretOption(given: OnSecret = 'error', source = 'the options'): OnSecret {
  if (reactions.includes(given)) return given
  throw new OptionError(`onSecret in ${source}`, given, `one of ${reactions.join(', ')}`)
}

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
