import { debuglog } from 'node:util'

const log = debuglog('cassette')

/**
 * Tells a decision where `NODE_DEBUG` asks for `cassette`.
 *
 * @param message called only then; redacted
 */
export function debug(message: () => string): void {
  if (log.enabled) log('%s', message())
}
