import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { globSync } from 'tinyglobby'
import type { FileUsage } from './file-usage.ts'
import { unusedFiles } from './unused-files.ts'
import { writeUnusedLog } from './unused-log.ts'

/** The directory in the root where every shard leaves what it used. */
export const shardUsageDirectory = '.cassette_usage'

/** Which part of a run a process is. */
export interface Shard {
  /** From 1. */
  readonly index: number
  readonly count: number
}

/** What a shard says of one test file; the last record of a file counts. */
export interface ShardRecord {
  /** Which file of which project. */
  readonly id: string
  /** Absolute path. */
  readonly testFile: string
  /** Absolute path of the project. */
  readonly root: string
  readonly cassetteDir?: string | undefined
  /** Absent where it cannot be told. */
  readonly usage?: FileUsage | undefined
}

/** Forgets what an earlier run of the same shard left. One without test files leaves an empty file. */
export function startShard(root: string, shard: Shard): void {
  const directory = join(root, shardUsageDirectory)
  mkdirSync(directory, { recursive: true })
  writeFileSync(fileOf(directory, shard), '')
}

/** Whether there is something that a shard left, of this run or of an earlier one. */
export function hasShardUsage(root: string, shard: Shard): boolean {
  return existsSync(fileOf(join(root, shardUsageDirectory), shard))
}

/** Adds a record to what a shard leaves; other processes of the shard may do so meanwhile. */
export function appendShardRecord(root: string, shard: Shard, record: ShardRecord): void {
  const directory = join(root, shardUsageDirectory)
  mkdirSync(directory, { recursive: true })
  // Shards run on several machines, which need not keep the project in the same place.
  const moved = moveRecord(withRelativeDir(record), (path) => relative(root, path))
  appendFileSync(fileOf(directory, shard), `${JSON.stringify(moved)}\n`)
}

/**
 * Writes the log of unused cassettes from what all shards of a run left.
 *
 * @param directory with the files of all shards
 * @param root absolute path of the project
 * @returns absolute paths of the unused files, sorted
 * @throws Error where a shard is missing, or where the cassette of a test file is not known
 */
export function mergeShards(directory: string, root: string): readonly string[] {
  const records = readShards(directory).map((record) =>
    moveRecord(record, (path) => resolve(root, path)),
  )
  const unknown = records.find(({ usage }) => usage === undefined)
  if (unknown !== undefined) {
    throw new Error(
      `No log is written: it cannot be told which cassette belongs to ${unknown.testFile}, ` +
        'which could not begin; see the output of its shard.',
    )
  }
  const usages = records.flatMap(({ usage }) => usage ?? [])
  const unused = unusedFiles(records, usages)
  writeUnusedLog(root, 'jest', { unused, used: usages.flatMap(({ used }) => used) })
  return unused
}

/** The last record of every test file, of all shards. */
function readShards(directory: string): ShardRecord[] {
  const names = globSync('jest-*-of-*.ndjson', { cwd: directory })
  const found = names.flatMap((name) => /^jest-\d+-of-([1-9]\d*)\.ndjson$/.exec(name)?.[1] ?? [])
  const counts = new Set(found.map(Number))
  const [count, ...others] = counts
  if (count === undefined) {
    throw new Error(`No shard has left anything in ${directory}. Run \`jest --shard\` first.`)
  }
  if (others.length > 0) {
    throw new Error(
      `${directory} holds shards of several runs, of ${[...counts].join(' and of ')}. Delete what ` +
        'is old.',
    )
  }
  const shards = Array.from({ length: count }, (_, at) => ({ index: at + 1, count }))
  const missing = shards.filter((shard) => !existsSync(fileOf(directory, shard)))
  if (missing.length > 0) {
    const which = missing.map(({ index }) => index).join(', ')
    throw new Error(
      `Shard ${which} of ${count} is missing in ${directory}. Copy there what every shard left in ` +
        `its ${shardUsageDirectory}.`,
    )
  }
  return shards.flatMap((shard) => {
    const file = fileOf(directory, shard)
    const lines = readFileSync(file, 'utf8').split('\n')
    const records = lines.filter(Boolean).map((line) => recordOf(line, file))
    return [...new Map(records.map((record) => [record.id, record])).values()]
  })
}

function recordOf(line: string, file: string): ShardRecord {
  try {
    const record: ShardRecord = JSON.parse(line)
    if (typeof record.id === 'string' && typeof record.testFile === 'string') return record
  } catch {
    // Said below.
  }
  throw new Error(
    `${file} is damaged: a line of it is not what a shard leaves. Copy it anew, or run the shard again.`,
  )
}

/** Its `cassetteDir` may have been given by a whole path, and counts from its root. */
function withRelativeDir(record: ShardRecord): ShardRecord {
  const { root, cassetteDir } = record
  if (cassetteDir === undefined || !isAbsolute(cassetteDir)) return record
  return { ...record, cassetteDir: relative(root, cassetteDir) }
}

function moveRecord(record: ShardRecord, move: (path: string) => string): ShardRecord {
  const { usage } = record
  const testFile = move(record.testFile)
  const root = move(record.root)
  if (usage === undefined) return { ...record, testFile, root }
  const cassette = move(usage.cassette)
  const used = usage.used.map((path) => move(path))
  return { ...record, testFile, root, usage: { ...usage, testFile, cassette, used } }
}

function fileOf(directory: string, { index, count }: Shard): string {
  return join(directory, `jest-${index}-of-${count}.ndjson`)
}
