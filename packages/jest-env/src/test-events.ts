import type { Circus } from '@jest/types'
import { isReported, type TestFileSession } from '@cassette/core/runner'
import { TestScopes } from './test-scopes.ts'

/** How the tests of a file went. */
export interface FileOutcome {
  /** Whether every test ran and passed, and nothing failed outside of them. */
  readonly isComplete: boolean
  readonly hasFailed: boolean
}

type CircusEvent = Circus.AsyncEvent | Circus.SyncEvent

/** Tells the cassette which test runs, and the tests which requests had no answer. */
export class TestEvents {
  readonly #session: TestFileSession
  /** Failures that no single test can be blamed for: of hooks and top-level code. */
  readonly #loose: Error[] = []
  readonly #scopes: TestScopes
  #sawSkipped = false
  #outcome: FileOutcome = { isComplete: false, hasFailed: true }
  #reported: readonly unknown[] = []

  constructor(session: TestFileSession) {
    this.#session = session
    this.#scopes = new TestScopes(session)
  }

  /** How the file went: failed, until all is known. */
  get outcome(): FileOutcome {
    return this.#outcome
  }

  /** Whether the report of the file tells of a failure already. */
  hasTold(failure: unknown): boolean {
    return failure instanceof Error && isReported(failure, this.#reported)
  }

  /** Follows one event of jest-circus. */
  async handle(event: CircusEvent, state: Circus.State): Promise<void> {
    if (event.name === 'run_start') this.#scopes.begin(testsOf(state.rootDescribeBlock))
    else if (event.name === 'test_skip' || event.name === 'test_todo') this.#sawSkipped = true
    else if (event.name === 'test_started') this.#startTest(event.test)
    else if (event.name === 'test_done') await this.#endTest(event.test)
    else if (event.name === 'run_finish') await this.#blameFile(state)
    else if (event.name === 'teardown') this.#outcome = this.#judge(state)
  }

  #startTest(test: Circus.TestEntry): void {
    this.#collectLoose()
    if (!test.concurrent) this.#scopes.start(test)
  }

  async #endTest(test: Circus.TestEntry): Promise<void> {
    const scope = this.#scopes.of(test)
    const hasFailed = test.errors.length > 0
    const failure = await settled(async () => this.#session.saveTest(scope, hasFailed))
    this.#session.endTest(scope)
    // A test that is expected to fail cannot be made to by one error more.
    if (failure === undefined || test.failing || isReported(failure, test.errors)) return
    test.errors.push(failure)
  }

  #collectLoose(): void {
    const failure = this.#session.takeFailure()
    if (failure !== undefined) this.#loose.push(failure)
  }

  async #blameFile(state: Circus.State): Promise<void> {
    const { rootDescribeBlock, unhandledErrors } = state
    const hasFailed = this.#judge(state).hasFailed || this.#loose.length > 0
    const last = await settled(async () => this.#session.flush(hasFailed))
    if (last !== undefined) this.#loose.push(last)
    this.#reported = [testsOf(rootDescribeBlock).map(({ errors }) => errors), unhandledErrors]
    for (const failure of this.#loose) {
      if (!isReported(failure, this.#reported)) unhandledErrors.push(failure)
    }
  }

  #judge({ rootDescribeBlock, unhandledErrors }: Circus.State): FileOutcome {
    const tests = testsOf(rootDescribeBlock)
    const hasFailed = unhandledErrors.length > 0 || tests.some(({ errors }) => errors.length > 0)
    return { isComplete: !hasFailed && !this.#sawSkipped && tests.length > 0, hasFailed }
  }
}

/** What has to fail the test, a cassette that cannot be written included. */
async function settled(save: () => Promise<Error | undefined>): Promise<Error | undefined> {
  try {
    return await save()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function testsOf(block: Circus.DescribeBlock): Circus.TestEntry[] {
  return block.children.flatMap((child) => (child.type === 'test' ? [child] : testsOf(child)))
}
