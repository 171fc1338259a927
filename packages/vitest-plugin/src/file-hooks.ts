import type { FileUsage, TestFileSession, TestScope } from '@cassette/core/runner'
import { distinctNames, isReported } from '@cassette/core/runner/worker'
import type * as Vitest from 'vitest'

// More than core waits for recordings in flight; in milliseconds.
const patience = 30_000

/** One call of a test's function; `retry` and `repeats` make several. */
interface Attempt {
  readonly test: Readonly<Vitest.RunnerTestCase>
  readonly scope: TestScope
  /** How many errors earlier attempts left. */
  readonly errorsBefore: number
  /** How many attempts of the test failed before. */
  readonly retries: number
}

type Suite = ReturnType<typeof Vitest.TestRunner.getCurrentSuite>

/**
 * Tells the session of a test file what Vitest does. Hooks of tests are given to the suite itself:
 * `beforeEach` and `aroundEach` of Vitest set up the automatic fixtures before the first of them, and
 * the requests of those would be no one's. What a before hook returns runs behind all
 * after hooks, so that what those request counts as well; but a hook that fails stops the ones
 * behind it, and so nothing here relies on being called.
 */
export class FileHooks {
  readonly #session: TestFileSession
  /** Misses that belong to no test. */
  readonly #misses: Error[] = []
  readonly #attempts = new Map<string, Attempt>()
  /** Of the tests, by their id. */
  readonly #names = new Map<string, string>()

  constructor(session: TestFileSession) {
    this.#session = session
  }

  register(vitest: typeof Vitest, suite: Suite): void {
    const { beforeAll, afterAll } = vitest
    const { aroundAll }: Partial<typeof Vitest> = vitest
    if (aroundAll === undefined) {
      beforeAll(
        withFile((file) => this.#startFile(file)),
        patience,
      )
      // Not async: what it enters has to hold for the test, whose context is the caller's.
      suite.on('beforeEach', ({ task }) => this.#startTest(task))
    } else {
      // Requests may come earlier and later still: in a user's own, in fixtures of the file.
      // oxlint-disable-next-line no-empty-pattern -- the only parameter that Vitest takes there
      aroundAll(async (runSuite, {}, { file }) => {
        const endFile = await this.#startFile(file)
        await runSuite()
        await endFile()
      }, patience)
      suite.on('aroundEach', async (runTest, { task }) => {
        const endTest = this.#startTest(task)
        await runTest()
        await endTest()
      })
    }
    suite.on('afterEach', async ({ task }) => this.#check(this.#attempts.get(task.id)))
    afterAll(() => this.#endLast())
    this.#saveWhenCollected(suite)
  }

  /** No hook runs where all tests of a file are skipped. */
  #saveWhenCollected(suite: Suite): void {
    const { collect } = suite
    suite.collect = async (file) => {
      // The next file of a worker may have the same suite.
      suite.collect = collect
      this.#keep(await this.#session.saveOutside())
      return collect(file)
    }
  }

  async #startFile(file: Vitest.RunnerTestFile): Promise<() => Promise<void>> {
    const usage = liveUsage(this.#session)
    file.meta.cassette = usage
    this.#nameTests(file)
    await this.#session.ready
    return async () => {
      this.#endLast()
      await this.#takeBackFailed()
      this.#keep(await this.#session.flush(anyFailed(file) || this.#misses.length > 0))
      usage.isComplete = true
      const errors = errorsOf(file)
      const miss = this.#misses.find((one) => !isReported(one, errors))
      if (miss !== undefined) throw miss
    }
  }

  #nameTests(file: Vitest.RunnerTestFile): void {
    const tests = testsOf(file)
    const names = distinctNames(tests.map((test) => fullName(test)))
    for (const [at, { id }] of tests.entries()) this.#names.set(id, names[at]!)
    this.#session.nameTests(names)
  }

  #startTest(test: Attempt['test']): () => Promise<void> {
    this.#keep(this.#session.takeFailure())
    const { retryCount: retries = 0, errors = [] } = test.result ?? {}
    const last = this.#attempts.get(test.id)
    const again = last && (retries > last.retries ? 'retry' : 'repeat')
    const name = this.#names.get(test.id) ?? fullName(test)
    const scope =
      test.concurrent === true
        ? this.#session.startConcurrentTest(name, again)
        : this.#session.startTest(name, again)
    this.#session.enter(scope)
    const attempt = { test, scope, errorsBefore: errors.length, retries }
    this.#attempts.set(test.id, attempt)
    return async () => {
      this.#session.leave()
      await this.#check(attempt)
      this.#session.endTest(scope)
    }
  }

  async #check(attempt: Attempt | undefined): Promise<void> {
    if (attempt === undefined) return
    const { test, scope, errorsBefore } = attempt
    const errors = test.result?.errors?.slice(errorsBefore) ?? []
    const hasFailed = errors.length > 0 !== (test.fails === true)
    const miss = await this.#session.saveTest(scope, hasFailed)
    if (miss === undefined) return
    if (isReported(miss, errors)) tellApart(errors, miss)
    // One error more would make a test pass that is expected to fail.
    else if (test.fails !== true) throw miss
  }

  /** What fails in an aroundEach of the user is told behind the last hook of the test. */
  async #takeBackFailed(): Promise<void> {
    const failed = [...this.#attempts.values()].filter(({ test }) => test.result?.state === 'fail')
    const saved = failed.map(async ({ scope }) => this.#session.saveTest(scope, true))
    for (const miss of await Promise.all(saved)) this.#keep(miss)
  }

  #endLast(): void {
    this.#session.endTest()
    this.#keep(this.#session.takeFailure())
  }

  #keep(miss: Error | undefined): void {
    if (miss !== undefined) this.#misses.push(miss)
  }
}

// Vitest prints errors with equal stacks once, under the titles of all their tests, and those of
// `fetch` are all equal: the misses behind them would not be seen.
function tellApart(errors: readonly Vitest.TestError[], miss: Error): void {
  for (const error of errors) error.stack = `${error.stack ?? ''}\n${miss.message}`
}

/** Read when Vitest serialises it, at the very end of the file: nothing comes too late for it. */
function liveUsage(session: TestFileSession): {
  -readonly [Key in keyof FileUsage]: FileUsage[Key]
} {
  const { used: _used, counts: _counts, ...rest } = session.usage(false)
  return {
    ...rest,
    get used() {
      return session.usage(false).used
    },
    get counts() {
      return session.usage(false).counts
    },
  }
}

// Vitest 3 passes the suite first, 4.0 second, and it refuses a declared parameter that is not
// a destructured context.
function withFile<Result>(run: (file: Vitest.RunnerTestFile) => Result): () => Result {
  return function hook() {
    const [first, second] = Array.from<Vitest.RunnerTestSuite | undefined>(arguments)
    const suite = second ?? first
    if (suite === undefined) throw new Error('[cassette] Vitest passes no suite to beforeAll.')
    return run(suite.file)
  }
}

// A test that passed at its second try still has the errors of its first.
function anyFailed(task: Readonly<Vitest.RunnerTask>): boolean {
  if (task.result?.state === 'fail') return true
  return 'tasks' in task && task.tasks.some((child) => anyFailed(child))
}

function errorsOf(task: Readonly<Vitest.RunnerTask>): unknown[] {
  const below = 'tasks' in task ? task.tasks.flatMap((child) => errorsOf(child)) : []
  return [...(task.result?.errors ?? []), ...below]
}

function testsOf(task: Readonly<Vitest.RunnerTask>): Attempt['test'][] {
  return 'tasks' in task ? task.tasks.flatMap((child) => testsOf(child)) : [task]
}

function fullName(test: Attempt['test']): string {
  const names = [test.name]
  for (let { suite } = test; suite !== undefined; suite = suite.suite) names.unshift(suite.name)
  return names.join(' > ')
}
