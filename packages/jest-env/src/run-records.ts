import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive, isOwnDirectory, machine, type FileUsage } from '@cassette/core/runner'
import type { RunIdentity } from './run-identity.ts'

/** What a test file tells the others of its run: that it began, and later how it went. */
export interface RunRecord {
  /** Which file of which project; its last record counts. */
  readonly id: string
  /** Absolute path. */
  readonly testFile: string
  /** Id of the project. */
  readonly project: string
  /** Of the process it runs in. */
  readonly pid: number
  readonly state: 'open' | 'done' | 'failed'
  /** Absent where the file's cassette is not known, because the file could not begin. */
  readonly usage?: FileUsage
  /** Absolute path of the project. */
  readonly root: string
  readonly cassetteDir?: string | undefined
}

/** The records of a run, as all of them stood at one moment. */
export interface RunSnapshot {
  /** In bytes of all that was read; it only grows. */
  readonly size: number
  /** The last of each test file. */
  readonly records: readonly RunRecord[]
}

/**
 * Where the processes of a run meet: a file that all of them append lines to. Jest tells no test
 * environment when a run ends, so each test file has to see for itself whether it is the last.
 */
export class RunRecords {
  readonly #directory: string
  readonly #file: string
  readonly #last = new Map<string, RunRecord>()
  #size = 0

  private constructor(run: RunIdentity) {
    // Not Jest's cache directory: the projects of one run may each have their own.
    const runs = join(tmpdir(), `cassette-jest-${process.getuid?.() ?? 'user'}-${machine}`)
    this.#directory = join(runs, run.key)
    this.#file = join(this.#directory, 'run.ndjson')
    const isNew = mkdirSync(this.#directory, { recursive: true, mode: 0o700 }) !== undefined
    refuseForeign(runs)
    if (isNew) removeStaleRuns(runs)
  }

  /** The records of a run; each process reads every line once. */
  static of(run: RunIdentity): RunRecords {
    const records = opened.get(run.key) ?? new RunRecords(run)
    opened.set(run.key, records)
    return records
  }

  /** Adds a record; safe while other processes do. */
  append(record: RunRecord): void {
    appendFileSync(this.#file, `${JSON.stringify(record)}\n`)
  }

  /** Reads what all processes have appended until now. */
  read(): RunSnapshot {
    const added = this.#added()
    for (const line of added.toString('utf8').split('\n').slice(0, -1)) {
      const record: RunRecord = JSON.parse(line)
      this.#last.set(record.id, record)
    }
    this.#size += added.length
    return { size: this.#size, records: [...this.#last.values()] }
  }

  /** The whole lines behind what was read before. */
  #added(): Buffer {
    // A reporter also asks where no test file of the run has a cassette, or there is none at all.
    if (!existsSync(this.#file)) return Buffer.alloc(0)
    const file = openSync(this.#file, 'r')
    try {
      const added = Buffer.alloc(Math.max(0, fstatSync(file).size - this.#size))
      const read = readSync(file, added, { position: this.#size })
      return added.subarray(0, added.subarray(0, read).lastIndexOf('\n') + 1)
    } finally {
      closeSync(file)
    }
  }

  /**
   * Whether this is the first call of the run with this word.
   *
   * @param word a file name
   */
  isFirst(word: string): boolean {
    try {
      writeFileSync(join(this.#directory, word), '', { flag: 'wx' })
      return true
    } catch {
      return false
    }
  }
}

const opened = new Map<string, RunRecords>()

/** @throws Error where somebody else made a directory: what is in it decides what is listed as unused */
function refuseForeign(directory: string): void {
  if (isOwnDirectory(directory)) return
  throw new Error(
    `[cassette] ${directory} belongs to another user. Remove it, or set TMPDIR to a directory of your own.`,
  )
}

function removeStaleRuns(runs: string): void {
  for (const key of readdirSync(runs)) {
    const pid = Number.parseInt(key, 10)
    if (!isAlive(pid)) rmSync(join(runs, key), { recursive: true, force: true })
  }
}
