import type { Config } from '@jest/types'
import { isAlive, removeUnusedLog, unusedFiles, writeUnusedLog } from '@cassette/core/runner'
import type { RunRecord, RunRecords } from './run-records.ts'

/** What the log of a run holds, or why there is none. */
export type RunLog =
  | { readonly unused: readonly string[] }
  | { readonly unused: undefined; readonly because: string }

/**
 * Writes the log of what a run did not use, if nothing of the run is going on any more, and removes
 * an earlier one otherwise. The last to write it has read every record: who finds new ones after
 * that goes round again.
 */
export function settleLog(config: Config.GlobalConfig, records: RunRecords): RunLog {
  const now = records.read()
  const because = whyIncomplete(now.records, config)
  const log = because === undefined ? write(config, now.records) : { unused: undefined, because }
  if (because !== undefined) removeUnusedLog(config.rootDir, 'jest')
  return records.read().size > now.size ? settleLog(config, records) : log
}

/** Why the records do not show all uses of all cassettes; the end of a sentence. */
function whyIncomplete(
  records: readonly RunRecord[],
  { bail, projects }: Config.GlobalConfig,
): string | undefined {
  if (records.length === 0) return 'no test file ran with Cassette'
  const unknown = records.find(({ usage }) => usage === undefined)
  if (unknown !== undefined)
    return `it cannot be told which cassette belongs to ${unknown.testFile}`
  const isGoingOn = records.some(({ state, pid }) => state === 'open' && isAlive(pid))
  if (isGoingOn) return 'a test file did not end'
  const mayHaveBailed = bail > 0 && records.some(({ state }) => state !== 'done')
  if (mayHaveBailed) return 'the run ended at a failure (--bail)'
  // --selectProjects and --ignoreProjects leave no other trace, nor does a project without Cassette.
  const seen = new Set(records.map(({ project }) => project)).size
  if (seen >= projects.length) return undefined
  return (
    `only ${seen} of ${projects.length} projects ran with Cassette, and each needs a testEnvironment ` +
    'of its own'
  )
}

function write({ rootDir }: Config.GlobalConfig, records: readonly RunRecord[]): RunLog {
  const usages = records.flatMap(({ usage }) => usage ?? [])
  const unused = unusedFiles(records, usages)
  writeUnusedLog(rootDir, 'jest', { unused, used: usages.flatMap(({ used }) => used) })
  return { unused }
}
