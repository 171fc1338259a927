import type { Interaction } from './interaction.ts'

/** Something in a file that looks like a secret. The secret itself is not in it. */
export interface SecretFinding {
  /** Absolute path of the file. */
  readonly file: string
  /** Place in the file: `request.headers[2][1]`, behind the interaction's name where it holds many. */
  readonly place: string
  /** What found it. */
  readonly rule: string
  /** The option that hides it: `redact: { headers: ['x-note'] }`. */
  readonly remedy: string
}

/** Where an interaction goes. */
export interface Destination {
  /** Absolute path. */
  readonly file: string
  /** Its place in the file, where that holds many. */
  readonly within?: string
}

/** Looks for secrets in what is about to be written. */
export interface SecretScanner {
  /** @returns what forbids to write it; none where there is nothing, or where findings only warn */
  check(interaction: Interaction, destination: Destination): Promise<readonly SecretFinding[]>
}
