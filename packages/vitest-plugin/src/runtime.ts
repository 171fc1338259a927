import { meetForeignEngines, TestFileSession } from '@cassette/core/runner/worker'
import type * as Vitest from 'vitest'
import { FileHooks } from './file-hooks.ts'

/**
 * Starts the cassette of the test file that is about to be imported; the setup module calls it.
 *
 * @param vitest the project's own
 * @param getCurrentSuite the project's own
 * @param realm the global object of the test file: in the vm pools not that of this module
 * @throws OptionError, HeadCommentError
 */
export function startFile(
  vitest: typeof Vitest,
  getCurrentSuite: typeof Vitest.TestRunner.getCurrentSuite,
  realm: object,
): void {
  const { options, ...place } = vitest.inject('@cassette/vitest-plugin')
  const { testPath } = vitest.expect.getState()
  if (testPath === undefined) throw new Error('[cassette] Vitest does not tell the test file.')
  const session = TestFileSession.start({ ...place, testFile: testPath }, options)
  meetForeignEngines(realm)
  new FileHooks(session).register(vitest, getCurrentSuite())
}
