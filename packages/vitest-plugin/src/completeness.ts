import type { FileUsage } from '@cassette/core/runner'
import type { Vitest } from 'vitest/node'
import { moduleKey } from './module-usage.ts'

/**
 * Why the runs until now do not show every use of every cassette.
 *
 * @param projects names of those that use Cassette
 * @param usages of the test files that ran, by module key
 * @returns the end of a sentence; `undefined` where every test file was seen
 */
export async function whyIncomplete(
  vitest: Vitest,
  projects: ReadonlyMap<string, unknown>,
  usages: ReadonlyMap<string, FileUsage | undefined>,
): Promise<string | undefined> {
  const { shard, project, cliExclude = [] } = vitest.config
  if (shard !== undefined) {
    return `this is shard ${shard.index} of ${shard.count}; \`vitest --merge-reports\` writes it`
  }
  if (project.length > 0 || cliExclude.length > 0) return 'only a part of the test files was to run'
  // Without arguments it ignores the filters of the command line.
  const specifications = await vitest.globTestSpecifications()
  const all = new Set(
    specifications.filter((one) => projects.has(one.project.name)).map((one) => moduleKey(one)),
  )
  const missing = [...all].filter((key) => !usages.has(key)).length
  if (missing > 0) return `only ${all.size - missing} of ${all.size} test files ran`
  const unknown = [...all].find((key) => usages.get(key) === undefined)
  if (unknown === undefined) return undefined
  return `it cannot be told which cassette belongs to ${unknown.split('\n', 2)[1]}`
}
