import type { SecretFinding } from '../secret-scanner.ts'

/** Recordings that were not written because they look as if they held secrets. */
export class SecretFoundError extends Error {
  override readonly name = 'SecretFoundError' as const
  readonly code = 'ERR_CASSETTE_SECRET_FOUND'
  readonly findings: readonly SecretFinding[]

  constructor(findings: readonly SecretFinding[]) {
    super(
      `Not recorded, because it looks like a secret:\n\n${describeFindings(findings)}\n\n` +
        "Add what stands behind `cure` to the options and run again. With onSecret: 'warn' it is " +
        "written all the same, with 'off' nothing is looked for.",
    )
    // Its frames would be Cassette's own.
    this.stack = `${this.name}: ${this.message}`
    this.findings = findings
  }
}

/** The findings, to show to a person. */
export function describeFindings(findings: readonly SecretFinding[]): string {
  return findings
    .map(({ file, place, rule, remedy }) =>
      [`  file   ${file}`, `  place  ${place}`, `  rule   ${rule}`, `  cure   ${remedy}`].join(
        '\n',
      ),
    )
    .join('\n\n')
}
