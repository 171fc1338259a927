import type { RecordedBody } from './body.ts'
import type { CassetteName } from './cassette-name.ts'
import type { HeaderList } from './header-list.ts'
import type { RecordedFailure } from './recorded-error.ts'

/** A request as plain data; what matchers see and what a cassette stores. */
export interface RecordedRequest {
  /** As sent, upper case. */
  readonly method: string
  /** Absolute, with its query and without a fragment. */
  readonly url: string
  readonly headers: HeaderList
  /** Absent where the request had none. */
  readonly body?: RecordedBody
}

/** The head of a response as plain data. */
export interface RecordedHead {
  readonly status: number
  /** The reason phrase as it stood on the status line; may be empty. */
  readonly statusText: string
  readonly headers: HeaderList
}

/** A response as plain data. */
export interface RecordedResponse extends RecordedHead {
  /** Set where the server answered in HTTP/1.0; else it was 1.1. */
  readonly httpVersion?: '1.0'
  /** The responses with a status of 1xx that came before it (RFC 9110 15.2). */
  readonly informational?: readonly RecordedHead[]
  /** Absent where the response had none. */
  readonly body?: RecordedBody
  /** The fields after a chunked body (RFC 9110 6.5). */
  readonly trailers?: HeaderList
  /** Set where the client broke off before the end: it had enough, and there may have been more. */
  readonly truncated?: true
}

/** One recorded request with its response, or the network error that came instead. */
export interface Interaction {
  readonly name: CassetteName
  /** Fingerprint of the matchers that the name was made by. */
  readonly matchOn: string
  /** ISO 8601, UTC. */
  readonly recordedAt: string
  /** Full name of the test that made the request, where a runner told it. */
  readonly test?: string
  /** Place in the sequence of the same name and test, from 0; absent for the first. */
  readonly index?: number
  readonly request: RecordedRequest
  /** Absent where none came. */
  readonly response?: RecordedResponse
  /** Why there was no response, or no more of it; recorded with `recordErrors` alone. */
  readonly error?: RecordedFailure
}
