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

/** Looks for secrets in what is about to be written. */
export interface SecretScanner {
  /**
   * @param file absolute path of the file that the interaction goes to
   * @returns what forbids to write it; none where there is nothing, or where findings only warn
   */
  check(interaction: Interaction, file: string): Promise<readonly SecretFinding[]>
}
