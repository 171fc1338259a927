let hasWarned = false

/** Says, once in a process, that secrets are written as they came. */
export function warnUnredacted(path: string): void {
  if (hasWarned) return
  hasWarned = true
  process.emitWarning(
    `[cassette] redact is false: ${path} is recorded with its secrets. Do not commit it.`,
  )
}
