const warned = new Set<string>()

/** Says of a cassette, once in a process, that its secrets are written as they came. */
export function warnUnredacted(path: string): void {
  if (warned.has(path)) return
  warned.add(path)
  process.emitWarning(
    `[cassette] redact is false: ${path} is recorded with its secrets. Do not commit it.`,
  )
}
