import type { JestEnvironmentConfig } from '@jest/environment'
import type { Circus } from '@jest/types'
import { TestFileSession } from '@cassette/core/runner'
import { givenOptions } from './given-options.ts'
import { RunUsage } from './run-usage.ts'
import { TestEvents } from './test-events.ts'

/** One test file's way through Jest: its cassette, its tests, and its part in the run's log. */
export class FileRun {
  readonly #session: TestFileSession
  readonly #events: TestEvents
  readonly #usage: RunUsage

  private constructor(session: TestFileSession, usage: RunUsage) {
    this.#session = session
    this.#events = new TestEvents(session)
    this.#usage = usage
  }

  /**
   * Inserts the file's cassette.
   *
   * @param environment the variables that the tests of the file see
   * @throws OptionError, HeadCommentError
   */
  static start(
    config: JestEnvironmentConfig,
    testFile: string,
    environment: () => NodeJS.ProcessEnv,
  ): FileRun {
    const { rootDir: root, testEnvironmentOptions } = config.projectConfig
    const usage = new RunUsage(config, testFile)
    try {
      const options = givenOptions(testEnvironmentOptions)
      const { ci: runsInCi, updateSnapshot } = config.globalConfig
      const updatesSnapshots = updateSnapshot === 'all'
      const knowledge = { runsInCi, environment, updatesSnapshots }
      const session = TestFileSession.start(
        { testFile, root, ...knowledge, hasOwnContext: true },
        options,
      )
      usage.open(session)
      return new FileRun(session, usage)
    } catch (error) {
      usage.abandon()
      throw error
    }
  }

  /** Resolves once nothing of an earlier file is going on. */
  get ready(): Promise<void> {
    return this.#session.ready
  }

  /** Follows what Jest tells of the file's tests. */
  async handle(event: Circus.AsyncEvent | Circus.SyncEvent, state: Circus.State): Promise<void> {
    await this.#events.handle(event, state)
  }

  /** Ejects the cassette and notes what the file used. */
  async finish(): Promise<void> {
    try {
      await this.#session.finish(this.#events.outcome.hasFailed)
    } catch (error) {
      // Jest would show it in the place of all results of the file.
      if (!this.#events.hasTold(error)) throw error
    } finally {
      this.#usage.close(this.#session, this.#events.outcome)
    }
  }
}
