import type { Origin } from '../player/failures.ts'
import type { TestFileSession } from './test-file-session.ts'

/** One test, or what a test file does outside of its tests: whom a request belongs to. */
export class TestScope implements Origin {
  readonly session: TestFileSession
  /** Full name of the test; absent outside of tests. */
  readonly test: string | undefined
  /** At the test, as its player counts them. */
  attempt: number
  /** Whether the test has ended: whatever fails from now on is the file's. */
  isOver = false

  constructor(session: TestFileSession, test?: string, attempt = 0) {
    this.session = session
    this.test = test
    this.attempt = attempt
  }

  /** Whether a request was this one's. */
  covers({ test, attempt }: Origin): boolean {
    return test === this.test && attempt === this.attempt
  }
}
