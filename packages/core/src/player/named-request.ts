import type { CassetteName } from '../model/cassette-name.ts'
import type { RecordedRequest } from '../model/interaction.ts'

/** A live request, named. */
export interface NamedRequest {
  readonly name: CassetteName
  /** Redacted. */
  readonly request: RecordedRequest
  /** As it came, with its secrets. */
  readonly live: RecordedRequest
  readonly test: string | undefined
  /** Which attempt at the test it belongs to. */
  readonly attempt: number
}
