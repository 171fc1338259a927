import type { RedactFunction, RedactionOptions, RedactOption } from './redact-option.ts'
import { secretNameTest, type IsSecretName } from './secret-names.ts'
import { patternsInForce, type SecretPattern } from './secret-patterns.ts'
import { SecretValues, type Environment } from './secret-values.ts'

/** What counts as a secret. */
export interface RedactionRules {
  readonly isSecret: IsSecretName
  readonly patterns: readonly SecretPattern[]
  readonly values: SecretValues
  /** What a user does after the rules. */
  readonly further?: RedactFunction
}

/**
 * The rules in force.
 *
 * @param option checked
 * @param environment where values of variables are looked up; none by default
 * @returns `undefined` where nothing is redacted
 */
export function redactionRules(
  option: RedactOption = true,
  environment: () => Environment = () => ({}),
): RedactionRules | undefined {
  if (option === false) return undefined
  const options: RedactionOptions = typeof option === 'object' ? option : {}
  const { headers, query, fields, patterns, values = [], env = [] } = options
  return {
    isSecret: secretNameTest({ header: headers, query, field: fields }),
    patterns: patternsInForce(patterns),
    values: new SecretValues(
      values.map((value) => value ?? ''),
      env,
      environment,
    ),
    ...(typeof option === 'function' ? { further: option } : {}),
  }
}
