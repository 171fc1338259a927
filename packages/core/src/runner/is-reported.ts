import { types } from 'node:util'

/**
 * Whether a runner tells of a failure already: one of the errors is it, has it as a cause or as a
 * part at any depth, or says what it says.
 *
 * @param errors as the runner keeps them: of any realm, serialised, in lists
 */
export function isReported(failure: Error, errors: readonly unknown[]): boolean {
  return tells(failure, errors, new Set())
}

function tells(failure: Error, error: unknown, seen: Set<unknown>): boolean {
  if (error === failure) return true
  if (typeof error === 'string') return error.includes(failure.message)
  if (typeof error !== 'object' || error === null || types.isProxy(error) || seen.has(error)) {
    return false
  }
  seen.add(error)
  // Errors of a test belong to the realm of its sandbox: no `instanceof`.
  const { message, cause, errors } = error as {
    message?: unknown
    cause?: unknown
    errors?: unknown
  }
  const parts = [message, cause, errors, ...(Array.isArray(error) ? error : [])]
  return parts.some((part) => tells(failure, part, seen))
}
