const warned = new Set<string>()

/**
 * Warns of something once in a process.
 *
 * @param about what it is, where the message may tell it in several ways
 */
export function warnOnce(message: string, about: string = message): void {
  if (warned.has(about)) return
  warned.add(about)
  process.emitWarning(`[cassette] ${message}`)
}
