import * as core from '@cassette/core'

/** What tests find as `globalThis.cassette`: the functions of the engine outside of the sandbox. */
export type SandboxCassette = Readonly<
  Pick<typeof core, 'play' | 'insert' | 'eject' | 'passthrough'>
>

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
  const { play, insert, eject, passthrough } = core
  const facade: SandboxCassette = Object.freeze({ play, insert, eject, passthrough })
  // Defined, not assigned: Jest's Node environment put `testEnvironmentOptions.cassette` there.
  define(sandbox, 'cassette', facade, true)
  define(sandbox, Symbol.for('@cassette/core'), Object.freeze({ ...core }), false)
}

function define(target: object, key: PropertyKey, value: object, enumerable: boolean): void {
  Object.defineProperty(target, key, { value, enumerable, configurable: true, writable: true })
}
