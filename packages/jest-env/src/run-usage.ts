import type { JestEnvironmentConfig } from '@jest/environment'
import type { Config } from '@jest/types'
import {
  removeStaleLists,
  removeUnusedLog,
  unusedLogName,
  type TestFileSession,
} from '@cassette/core/runner'
import { atExit } from './at-exit.ts'
import { partialBecause } from './partial-run.ts'
import { runIdentity, type RunIdentity } from './run-identity.ts'
import { settleLog } from './run-log.ts'
import { RunRecords, type RunRecord } from './run-records.ts'
import { ShardUsage } from './shard-usage.ts'
import type { FileOutcome } from './test-events.ts'

/**
 * One test file's part in the log of what its run did not use. The log is there only while no file
 * of the run is open, and so after the last one; it is never there after a partial run.
 */
export class RunUsage {
  readonly #config: Config.GlobalConfig
  readonly #run: RunIdentity
  readonly #records: RunRecords
  readonly #file: Pick<RunRecord, 'id' | 'project' | 'testFile' | 'pid' | 'root'>
  readonly #isPartial: boolean
  readonly #shard: ShardUsage | undefined

  constructor({ globalConfig, projectConfig }: JestEnvironmentConfig, testFile: string) {
    const { id: project, rootDir: root } = projectConfig
    this.#config = globalConfig
    this.#run = runIdentity(globalConfig)
    this.#records = RunRecords.of(this.#run)
    const id = `${project} ${testFile}`
    this.#file = { id, project, testFile, pid: process.pid, root }
    this.#shard = ShardUsage.of(globalConfig, this.#records)
    const { rootDir, watch, watchAll } = globalConfig
    // Watch mode is one run for ever.
    if (this.#records.isFirst('lists') || watch || watchAll) removeStaleLists(rootDir, 'jest')
    const because = partialBecause(globalConfig)
    this.#isPartial = because !== undefined
    if (because !== undefined && this.#records.isFirst('partial')) this.#explain(because)
  }

  /** Notes that the file begins. Until it is closed, its cassette belongs to it. */
  open(session: TestFileSession): void {
    leaveOpen?.()
    const { cassetteDir } = session
    const usage = session.usage(false)
    this.#add({ ...this.#file, state: 'open', usage, cassetteDir })
    leaveOpen = () => this.#add({ ...this.#file, state: 'failed', usage, cassetteDir })
  }

  /** Notes that the file cannot begin: nobody knows what it would have used. */
  abandon(): void {
    this.#add({ ...this.#file, state: 'failed' })
  }

  /** Notes what the file used, and writes the log where no other file is open. */
  close(session: TestFileSession, { isComplete, hasFailed }: FileOutcome): void {
    leaveOpen = undefined
    const { cassetteDir } = session
    const usage = session.usage(isComplete)
    this.#add({ ...this.#file, state: hasFailed ? 'failed' : 'done', usage, cassetteDir })
    if (!this.#isPartial) this.#settle()
  }

  // The log of an earlier moment must not outlive it. Removed after the record is there: whoever
  // writes the log meanwhile reads the records again and finds this one.
  #add(record: RunRecord): void {
    if (this.#shard !== undefined) this.#shard.append(record)
    this.#records.append(record)
    removeUnusedLog(this.#config.rootDir, 'jest')
  }

  #settle(): void {
    const settle = (isEnd: boolean): void => {
      try {
        const log = settleLog(this.#config, this.#records)
        if (isEnd && log.unused === undefined) explain(log.because)
      } catch (error) {
        // A suite on a read-only file system still replays.
        process.emitWarning(`[cassette] ${unusedLogName} is not written: ${String(error)}`)
      }
    }
    const { watch, watchAll } = this.#config
    // In band no other file is ever open: the log would be made anew after each.
    if (this.#run.isInBand && !watch && !watchAll) atExit(this.#run.key, () => settle(true))
    else settle(false)
  }

  #explain(because: string): void {
    const why =
      this.#shard === undefined
        ? `this run is limited (${because}), and what it leaves out may need any recording`
        : this.#shard.explanation
    explain(why)
  }
}

function explain(because: string): void {
  process.stderr.write(`[cassette] No ${unusedLogName}: ${because}.\n`)
}

// No runner promises its last hook: a file whose setup files throw is never closed.
let leaveOpen: (() => void) | undefined
