import type * as Core from '@cassette/core/runner/worker'

// One core for the process; see plugin.ts.
const { createRequire } = process.getBuiltinModule('node:module')
const { cassetteApi }: typeof Core = createRequire(import.meta.url)('@cassette/core/runner/worker')

/**
 * The cassette of the test file that runs, or of the test with `cassettePer: 'test'`.
 *
 * @example
 * import { cassette } from '@cassette/vitest-plugin/api'
 *
 * test('asks once', async () => {
 *   await listUsers()
 *   expect(cassette.replayed).toHaveLength(1)
 * })
 */
export const cassette: Core.CassetteApi = cassetteApi()
export type { CassetteApi } from '@cassette/core/runner'
