import type { TestFileSession } from './test-file-session.ts'

/** One test, or what a test file does outside of its tests: whom a request belongs to. */
export class TestScope {
  readonly session: TestFileSession
  /** Full name of the test; absent outside of tests. */
  readonly test: string | undefined
  /** Whether the test has ended: whatever fails from now on is the file's. */
  isOver = false
  readonly #failures: Error[] = []

  constructor(session: TestFileSession, test?: string) {
    this.session = session
    this.test = test
  }

  /** Notes why a request had no answer. */
  fail(error: Error): void {
    this.#failures.push(error)
  }

  /** @returns the first failure since the last call */
  takeFailure(): Error | undefined {
    return this.#failures.splice(0)[0]
  }
}
