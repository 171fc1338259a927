import { types } from 'node:util'
import type { Circus } from '@jest/types'
import { distinctNames, type TestFileSession, type TestScope } from '@cassette/core/runner'

/** Which of the session's tests each test of jest-circus is. */
export class TestScopes {
  readonly #session: TestFileSession
  readonly #names = new Map<Circus.TestEntry, string>()
  readonly #scopes = new Map<Circus.TestEntry, TestScope>()

  constructor(session: TestFileSession) {
    this.#session = session
  }

  /** Takes in all tests of a file, before the first of them runs. */
  begin(tests: readonly Circus.TestEntry[]): void {
    const names = distinctNames(tests.map((test) => fullName(test)))
    this.#session.nameTests(names)
    for (const [at, test] of tests.entries()) {
      this.#names.set(test, names[at]!)
      if (test.concurrent) this.#runWithin(test)
    }
  }

  /** Says that a test that runs alone begins, or begins again. */
  start(test: Circus.TestEntry): void {
    const again = test.invocations > 1 ? 'retry' : undefined
    this.#scopes.set(test, this.#session.startTest(this.#nameOf(test), again))
  }

  /** That of the latest attempt at a test. */
  of(test: Circus.TestEntry): TestScope {
    const scope = this.#scopes.get(test) ?? this.#session.startConcurrentTest(this.#nameOf(test))
    this.#scopes.set(test, scope)
    return scope
  }

  // Jest tells of a concurrent test before or after its function runs, and Jest 29 does not run it
  // again for a retry: only the function itself knows.
  #runWithin(test: Circus.TestEntry): void {
    const { fn } = test
    // `co` would not see that it is one; its requests are the file's.
    if (fn === undefined || fn === null || types.isGeneratorFunction(fn)) return
    let hasRun = false
    const run = (self: unknown, args: readonly unknown[]): unknown => {
      if (hasRun) {
        this.#scopes.set(test, this.#session.startConcurrentTest(this.#nameOf(test), 'retry'))
      }
      hasRun = true
      return this.#session.within(this.of(test), () => Reflect.apply(fn, self, args))
    }
    const within = function (this: unknown, ...args: readonly unknown[]): unknown {
      return run(this, args)
    }
    // Whether it takes a callback.
    Object.defineProperty(within, 'length', { value: fn.length })
    Reflect.set(test, 'fn', within)
  }

  #nameOf(test: Circus.TestEntry): string {
    return this.#names.get(test) ?? fullName(test)
  }
}

function fullName({ name, parent }: Circus.TestEntry): string {
  const names: string[] = [name]
  // The outermost block is Jest's own.
  for (let block = parent; block.parent !== undefined; block = block.parent) {
    names.unshift(block.name)
  }
  return names.join(' ')
}
