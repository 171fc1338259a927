import {
  isErrorDetail,
  maxErrorDepth,
  type RecordedError,
  type RecordedFailure,
} from '../model/recorded-error.ts'
import type { Field } from './field.ts'

type Details = NonNullable<RecordedError['details']>

/** Reads why a recorded request got no response. */
export function decodeFailure(field: Field): RecordedFailure {
  const { value } = field
  if (value === 'closed' || value === 'no answer') return value
  if (typeof value === 'string') field.fail('must be "closed", "no answer" or an error')
  return decodeError(field, maxErrorDepth)
}

function decodeError(field: Field, depth: number): RecordedError {
  field.object(['name', 'message', 'details', 'cause', 'errors'])
  if (depth === 0) field.fail(`must not be nested more than ${maxErrorDepth} deep`)
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

function isDetails(value: unknown): value is Details {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(([name, detail]) => isErrorDetail(name, detail))
  )
}
