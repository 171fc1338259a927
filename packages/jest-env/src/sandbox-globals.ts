import * as core from '@cassette/core'
import { cassetteApi, meetForeignEngines, type CassetteApi } from '@cassette/core/runner'

/** What tests find as `globalThis.cassette`: their cassette, of the engine outside of the sandbox. */
export type SandboxCassette = CassetteApi

declare global {
  /** In tests that run in an environment of `@cassette/jest-env`. */
  var cassette: SandboxCassette
}

/** The export condition under which `@cassette/core` resolves to its facade, for `import` too. */
export const sandboxCondition = 'cassette-sandbox'

/**
 * Hands the engine to the tests of one file. Each file gets objects of its own, frozen, because Jest
 * 30 deletes at the end of a file whatever it can from the objects on the file's global.
 */
export function installSandboxGlobals(sandbox: object): void {
  // Defined, not assigned: Jest's Node environment put `testEnvironmentOptions.cassette` there.
  define(sandbox, 'cassette', cassetteApi(), true)
  meetForeignEngines(sandbox)
  define(sandbox, Symbol.for('@cassette/core'), Object.freeze({ ...core }), false)
}

function define(target: object, key: PropertyKey, value: object, enumerable: boolean): void {
  Object.defineProperty(target, key, { value, enumerable, configurable: true, writable: true })
}
