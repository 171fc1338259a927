import type { ConnectionFailure } from './interceptor.ts'

/** A network error as plain data: what an application can read of it. */
export interface RecordedError {
  /** `Error` where it is absent. */
  readonly name?: string
  readonly message: string
  /** `code`, `syscall`, `address`, `port` and whatever else it bears that is a plain value. */
  readonly details?: { readonly [name: string]: string | number | boolean }
  readonly cause?: RecordedError
  /** Those of an `AggregateError`: one for each address that was tried. */
  readonly errors?: readonly RecordedError[]
}

/** Why there was no response, or no more of it. */
export type RecordedFailure = 'closed' | 'no answer' | RecordedError

/** How deep a chain of causes is kept: real ones are short, and one may lead in a circle. */
export const maxErrorDepth = 8

// What an error has anyway, in a way of its own: on replay it is not to be put there.
const inherent = new Set(['__proto__', 'stack', 'message', 'name', 'cause', 'errors'])

/** Whether something that an error bears is kept, and may be put on one: a plain value that JSON has. */
export function isErrorDetail(name: string, value: unknown): value is string | number | boolean {
  if (inherent.has(name)) return false
  return typeof value === 'number'
    ? Number.isFinite(value)
    : ['string', 'boolean'].includes(typeof value)
}

/** Turns what became of a connection into plain data. */
export function recordFailure(failure: ConnectionFailure): RecordedFailure {
  return typeof failure === 'string' ? failure : recordError(failure)
}

/** Makes of plain data what became of the connection then; each time a new error. */
export function failureOf(recorded: RecordedFailure): ConnectionFailure {
  return typeof recorded === 'string' ? recorded : errorOf(recorded)
}

/** The same error with other texts. */
export function withErrorTexts(
  { message, details, cause, errors, ...rest }: RecordedError,
  change: (text: string) => string,
): RecordedError {
  const changed = Object.entries(details ?? {}).map(
    ([name, value]) => [name, typeof value === 'string' ? change(value) : value] as const,
  )
  return {
    ...rest,
    message: change(message),
    ...(details === undefined ? {} : { details: Object.fromEntries(changed) }),
    ...(cause === undefined ? {} : { cause: withErrorTexts(cause, change) }),
    ...(errors === undefined
      ? {}
      : { errors: errors.map((error) => withErrorTexts(error, change)) }),
  }
}

function recordError(error: Error, depth: number = maxErrorDepth): RecordedError {
  const { name, message, cause } = error
  const details = Object.fromEntries(
    Object.entries(error).filter((entry): entry is [string, string | number | boolean] =>
      isErrorDetail(...entry),
    ),
  )
  const isDeepest = depth === 1
  const errors = !isDeepest && error instanceof AggregateError ? error.errors.filter(isError) : []
  return {
    ...(name === 'Error' || errors.length > 0 ? {} : { name }),
    message,
    ...(Object.keys(details).length === 0 ? {} : { details }),
    ...(isError(cause) && !isDeepest ? { cause: recordError(cause, depth - 1) } : {}),
    ...(errors.length === 0 ? {} : { errors: errors.map((one) => recordError(one, depth - 1)) }),
  }
}

function errorOf({ name, message, details, cause, errors }: RecordedError): Error {
  const options = cause === undefined ? undefined : { cause: errorOf(cause) }
  const error =
    errors === undefined
      ? new Error(message, options)
      : new AggregateError(errors.map(errorOf), message, options)
  if (name !== undefined) error.name = name
  return Object.assign(error, details)
}

function isError(value: unknown): value is Error {
  return value instanceof Error
}
