import type { RecordedBody } from './body.ts'
import type { CassetteName } from './cassette-name.ts'
import type { HeaderList } from './header-list.ts'

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

/** A response as plain data. */
export interface RecordedResponse {
  readonly status: number
  /** The reason phrase as it stood on the status line; may be empty. */
  readonly statusText: string
  readonly headers: HeaderList
  /** Absent where the response had none. */
  readonly body?: RecordedBody
  /** Set where the client broke off before the end: it had enough, and there may have been more. */
  readonly truncated?: true
}

/** One recorded request with its response. */
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
  readonly response: RecordedResponse
}
