import type * as Core from '@cassette/core/runner/worker'
import type * as Vitest from 'vitest'
import { FileHooks } from './file-hooks.ts'

/**
 * Starts the cassette of the test file that is about to be imported; the setup module calls it.
 *
 * @param vitest the project's own
 * @throws OptionError, HeadCommentError
 */
export function startFile(vitest: typeof Vitest): void {
  // One core for the process, as there is one network: the vm pools would evaluate an import anew
  // for each test file, and hand out a `node:module` of their own that does the same.
  const { createRequire } = process.getBuiltinModule('node:module')
  const core: typeof Core = createRequire(import.meta.url)('@cassette/core/runner/worker')
  const { options, ...place } = vitest.inject('@cassette/vitest-plugin')
  const { testPath } = vitest.expect.getState()
  if (testPath === undefined) throw new Error('[cassette] Vitest does not tell the test file.')
  const session = core.TestFileSession.start({ ...place, testFile: testPath }, options)
  // The vm pools have a global of their own for each test file.
  core.meetForeignEngines(globalThis)
  new FileHooks(session, core).register(vitest)
}
