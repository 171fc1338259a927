import { warnOnce } from '../warn-once.ts'

/** Says, once in a process, that secrets are written as they came. */
export function warnUnredacted(path: string): void {
  const message = `redact is false: ${path} is recorded with its secrets. Do not commit it.`
  warnOnce(message, 'redact')
}
