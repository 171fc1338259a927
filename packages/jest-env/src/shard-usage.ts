import type { Config } from '@jest/types'
import {
  appendShardRecord,
  hasShardUsage,
  shardUsageDirectory,
  startShard,
  warnOnce,
  type Shard,
} from '@cassette/core/runner'
import { partialBecause } from './partial-run.ts'
import type { RunRecord, RunRecords } from './run-records.ts'

/** What a shard that runs all of its test files leaves for the log that is made of all shards. */
export class ShardUsage {
  readonly #root: string
  readonly #shard: Shard

  private constructor(root: string, shard: Shard, records: RunRecords) {
    this.#root = root
    this.#shard = shard
    if (records.isFirst('shard')) this.#attempt(() => startShard(root, shard))
  }

  /** @returns `undefined` where this run is no shard, or only a part of one */
  static of(config: Config.GlobalConfig, records: RunRecords): ShardUsage | undefined {
    const { shard, rootDir } = config
    if (shard === undefined || partialBecause(config) !== '--shard') return undefined
    const { shardIndex: index, shardCount: count } = shard
    return new ShardUsage(rootDir, { index, count }, records)
  }

  /** Why there is no log, to complete "No log: …". */
  get explanation(): string {
    const { index, count } = this.#shard
    return (
      `this is shard ${index} of ${count}; \`npx cassette unused --merge ${shardUsageDirectory}\` ` +
      'writes it from what every shard leaves in that directory'
    )
  }

  append({ id, testFile, root, cassetteDir, usage }: RunRecord): void {
    const record = { id, testFile, root, cassetteDir, usage }
    this.#attempt(() => appendShardRecord(this.#root, this.#shard, record))
  }

  // A suite on a read-only file system still replays; but what there is of a shard would be taken
  // for all of it.
  #attempt(write: () => void): void {
    try {
      write()
    } catch (error) {
      if (hasShardUsage(this.#root, this.#shard)) throw error
      warnOnce(`${shardUsageDirectory}: ${String(error)}`, shardUsageDirectory)
    }
  }
}
