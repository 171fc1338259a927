import { types } from 'node:util'
import { OptionError } from '@cassette/core'
import type { RunnerOptions } from '@cassette/core/runner'

/**
 * Refuses what cannot cross to a test worker.
 *
 * @throws OptionError that points to cassette.config.*
 */
export function refuseUnserialisable(options: RunnerOptions): void {
  for (const [name, value] of Object.entries(options)) {
    const [found] = unserialisableIn(value)
    if (found === undefined) continue
    throw new OptionError(
      `${name} in cassette()`,
      // Nothing that stands beside it: `redact` may hold secrets.
      found,
      'JSON values here, because they cross to the test workers; functions and regular ' +
        'expressions go into cassette.config.{ts,js,mjs} at the root of the project',
    )
  }
}

function unserialisableIn(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) {
    return ['function', 'symbol', 'bigint'].includes(typeof value) ? [value] : []
  }
  if (types.isRegExp(value)) return [value]
  return Object.values(value).flatMap((inner) => unserialisableIn(inner))
}
