import util from 'node:util'
import type { Config } from '@jest/types'
import { optionsInForce, summaryRows } from '@cassette/core/runner'
import { givenOptions } from './given-options.ts'
import { partialBecause } from './partial-run.ts'
import { runIdentity } from './run-identity.ts'
import { settleLog } from './run-log.ts'
import { RunRecords } from './run-records.ts'
import { ShardUsage } from './shard-usage.ts'

interface Context {
  readonly config: Config.ProjectConfig
}

interface Results {
  readonly testResults: readonly { readonly testFilePath: string }[]
}

/** Prints at the end of a run how it used its cassettes; for `reporters` beside Jest's own. */
// Jest takes the default export of a reporter.
export default class CassetteReporter {
  readonly #config: Config.GlobalConfig

  constructor(config: Config.GlobalConfig) {
    this.#config = config
  }

  /** Called by Jest when all test files have ended. */
  onRunComplete(contexts: ReadonlySet<Context>, { testResults }: Results): void {
    const records = RunRecords.of(runIdentity(this.#config))
    // A shard may have no test file that would have begun it.
    ShardUsage.of(this.#config, records)
    const ran = new Set(testResults.map(({ testFilePath }) => testFilePath))
    const isPartial = partialBecause(this.#config) !== undefined
    const log = isPartial ? undefined : settleLog(this.#config, records)
    if (Array.from(contexts).every((context) => isSilent(context))) return
    const usages = records
      .read()
      .records.flatMap(({ testFile, usage }) => (ran.has(testFile) && usage ? [usage] : []))
    const rows = summaryRows(usages, log?.unused?.length)
    const lines = rows.map(([label, text]) => {
      const bold = util.styleText('bold', `${label}:`, { stream: process.stderr })
      return `${bold}${' '.repeat(Math.max(1, 12 - label.length))}${text}\n`
    })
    process.stderr.write(lines.join(''))
  }
}

function isSilent({ config: { rootDir, testEnvironmentOptions } }: Context): boolean {
  return optionsInForce(rootDir, givenOptions(testEnvironmentOptions)).reporter === false
}
