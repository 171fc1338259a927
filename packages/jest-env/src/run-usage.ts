import type { JestEnvironmentConfig } from '@jest/environment'
import type { Config } from '@jest/types'
import {
  removeUnusedLog,
  unusedFiles,
  unusedLogName,
  writeUnusedLog,
  type TestFileSession,
} from '@cassette/core/runner'
import { isAlive } from './is-alive.ts'
import { partialBecause } from './partial-run.ts'
import { runIdentity } from './run-identity.ts'
import { RunRecords, type RunRecord, type RunSnapshot } from './run-records.ts'
import type { FileOutcome } from './test-events.ts'

/**
 * One test file's part in the log of what its run did not use. The log is there only while no file
 * of the run is open, and so after the last one; it is never there after a partial run.
 */
export class RunUsage {
  readonly #config: Config.GlobalConfig
  readonly #records: RunRecords
  readonly #file: Pick<RunRecord, 'id' | 'pid' | 'root'>
  readonly #isPartial: boolean

  constructor({ globalConfig, projectConfig }: JestEnvironmentConfig, testFile: string) {
    this.#config = globalConfig
    this.#records = RunRecords.of(runIdentity(globalConfig))
    const id = `${projectConfig.id} ${testFile}`
    this.#file = { id, pid: process.pid, root: projectConfig.rootDir }
    const because = partialBecause(globalConfig)
    this.#isPartial = because !== undefined
    if (because !== undefined && this.#records.isFirst('partial')) {
      process.stderr.write(
        `[cassette] No ${unusedLogName}: this run is limited (${because}), and what it leaves out ` +
          'may need any recording.\n',
      )
    }
  }

  /** Notes that the file begins. Until it is closed, its cassette belongs to it. */
  open(session: TestFileSession): void {
    leaveOpen?.()
    const usage = session.usage(false)
    this.#add({ ...this.#file, state: 'open', usage, cassetteDir: session.cassetteDir })
    leaveOpen = () =>
      this.#add({ ...this.#file, state: 'failed', usage, cassetteDir: session.cassetteDir })
  }

  /** Notes that the file cannot begin: nobody knows what it would have used. */
  abandon(): void {
    this.#add({ ...this.#file, state: 'failed' })
  }

  /** Notes what the file used, and writes the log where no other file is open. */
  async close(session: TestFileSession, { isComplete, hasFailed }: FileOutcome): Promise<void> {
    leaveOpen = undefined
    const usage = session.usage(isComplete)
    const { cassetteDir } = session
    this.#add({ ...this.#file, state: hasFailed ? 'failed' : 'done', usage, cassetteDir })
    try {
      if (!this.#isPartial) await this.#settle()
    } catch (error) {
      // A suite on a read-only file system still replays.
      process.emitWarning(`[cassette] ${unusedLogName} is not written: ${String(error)}`)
    }
  }

  // The log of an earlier moment must not outlive it. Removed after the record is there: whoever
  // writes the log meanwhile reads the records again and finds this one.
  #add(record: RunRecord): void {
    if (!this.#isPartial) this.#records.append(record)
    removeUnusedLog(this.#config.rootDir)
  }

  // The last one to write the log has read every record: whoever finds new ones goes round again.
  async #settle(): Promise<void> {
    const { rootDir } = this.#config
    const now = this.#records.read()
    if (isOver(now, this.#config)) await writeUnusedLog(rootDir, await unused(now))
    else removeUnusedLog(rootDir)
    if (this.#records.read().size > now.size) await this.#settle()
  }
}

// No runner promises its last hook: a file whose setup files throw is never closed.
let leaveOpen: (() => void) | undefined

/** Whether the run may end here, with every file's cassette known. */
function isOver({ records }: RunSnapshot, { bail }: Config.GlobalConfig): boolean {
  return records.every(({ state, pid, usage }) => {
    if (usage === undefined) return false
    if (state === 'open') return !isAlive(pid)
    return state === 'done' || bail === 0
  })
}

/** Of all projects of the run: absolute paths. */
async function unused({ records }: RunSnapshot): Promise<string[]> {
  const usages = records.flatMap(({ usage }) => usage ?? [])
  const places = new Map(
    records.map(({ root, cassetteDir }) => [
      JSON.stringify([root, cassetteDir]),
      { root, cassetteDir },
    ]),
  )
  const found = await Promise.all(
    Array.from(places.values(), async (place) => unusedFiles({ ...place, usages })),
  )
  return [...new Set(found.flat())].toSorted()
}
