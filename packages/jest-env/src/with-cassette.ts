import type { EnvironmentContext, JestEnvironment, JestEnvironmentConfig } from '@jest/environment'
import type { Circus } from '@jest/types'
import { FileRun } from './file-run.ts'
import { installSandboxGlobals, sandboxCondition } from './sandbox-globals.ts'

/** A `JestEnvironment` whose functions are declared as the methods they are. */
export interface BaseEnvironment extends Pick<
  JestEnvironment,
  'global' | 'fakeTimers' | 'fakeTimersModern' | 'moduleMocker' | 'getVmContext'
> {
  setup(): Promise<void>
  teardown(): Promise<void>
  handleTestEvent?(event: CircusEvent, state: Circus.State): void | Promise<void>
  exportConditions?(): string[]
}

/** A class that Jest can build a test environment from. */
export type EnvironmentClass = new (
  config: JestEnvironmentConfig,
  context: EnvironmentContext,
) => BaseEnvironment

/** What is read of the global object of a sandbox, once there is one and until it is torn down. */
type Sandbox = Partial<Pick<BaseEnvironment['global'], 'process'>> | null

type CircusEvent = Circus.AsyncEvent | Circus.SyncEvent

/**
 * A test environment like `Base` that plays a cassette for every test file.
 *
 * @param Base an environment class, such as that of `jest-environment-node`
 * @example
 * import { withCassette } from '@cassette/jest-env'
 * import { TestEnvironment } from '@happy-dom/jest-environment'
 *
 * export default withCassette(TestEnvironment)
 */
export function withCassette<Base extends EnvironmentClass>(Base: Base): Base
export function withCassette(Base: EnvironmentClass): EnvironmentClass {
  return class CassetteEnvironment extends Base {
    readonly #run: FileRun

    constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
      // Before anything of the sandbox exists that could keep an unpatched function, and before the
      // user's setup files, which run ahead of setup().
      let sandbox: (() => Sandbox) | undefined
      const run = FileRun.start(config, context.testPath, () => environmentOf(sandbox?.()))
      super(config, context)
      sandbox = () => this.global
      this.#run = run
      installSandboxGlobals(this.global)
    }

    override async setup(): Promise<void> {
      await this.#run.ready
      await super.setup()
    }

    override async handleTestEvent(event: CircusEvent, state: Circus.State): Promise<void> {
      await super.handleTestEvent?.(event, state)
      await this.#run.handle(event, state)
    }

    override exportConditions(): string[] {
      return [...(super.exportConditions?.() ?? []), sandboxCondition]
    }

    override async teardown(): Promise<void> {
      try {
        await this.#run.finish()
      } finally {
        await super.teardown()
      }
    }
  }
}

/** A sandbox has a copy of the environment, which its tests may fill from a `.env` file. */
function environmentOf(sandbox: Sandbox | undefined): NodeJS.ProcessEnv {
  return { ...process.env, ...sandbox?.process?.env }
}
