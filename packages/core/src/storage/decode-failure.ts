import type { RecordedError, RecordedFailure } from '../model/recorded-error.ts'
import type { Field } from './field.ts'

type Details = NonNullable<RecordedError['details']>

// A chain of causes is short; a file that says otherwise is no recording.
const maxDepth = 8

/** Reads why a recorded request got no response. */
export function decodeFailure(field: Field): RecordedFailure {
  const { value } = field
  if (value === 'closed' || value === 'no answer') return value
  if (typeof value === 'string') field.fail('must be "closed", "no answer" or an error')
  return decodeError(field, maxDepth)
}

function decodeError(field: Field, depth: number): RecordedError {
  field.object(['name', 'message', 'details', 'cause', 'errors'])
  if (depth === 0) field.fail(`must not be nested more than ${maxDepth} deep`)
  const name = field.optional('name')?.string()
  const details = field.optional('details')
  const cause = field.optional('cause')
  const errors = field.optional('errors')?.items((error) => decodeError(error, depth - 1))
  return {
    ...(name === undefined ? {} : { name }),
    message: field.required('message').string(),
    ...(details === undefined ? {} : { details: decodeDetails(details) }),
    ...(cause === undefined ? {} : { cause: decodeError(cause, depth - 1) }),
    ...(errors === undefined ? {} : { errors }),
  }
}

function decodeDetails(field: Field): Details {
  const { value } = field
  return isDetails(value) ? value : field.fail('must be an object of strings, numbers and booleans')
}

// JSON and YAML can say numbers that JSON cannot keep, such as 1e999.
function isPlain(value: unknown): boolean {
  return typeof value === 'number'
    ? Number.isFinite(value)
    : ['string', 'boolean'].includes(typeof value)
}

function isDetails(value: unknown): value is Details {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(
      ([name, detail]) =>
        // They are put on an error.
        !['__proto__', 'stack', 'message', 'name', 'cause', 'errors'].includes(name) &&
        isPlain(detail),
    )
  )
}
