import '../supported-node.ts'
import * as heavyHalf from './heavy-half.ts'
import { provideHeavyHalf } from './use-heavy-half.ts'

provideHeavyHalf(() => heavyHalf)

export { cassetteApi, type CassetteApi } from './cassette-api.ts'
export { cassettePath, type CassettePlace, type TestFilePlace } from './cassette-path.ts'
export { configFileOptions, defineConfig } from './config-file.ts'
export { distinctNames } from './distinct-names.ts'
export type { FileUsage, UsageCounts } from './file-usage.ts'
export { headComment, type HeadComment } from './head-comment.ts'
export { HeadCommentError } from './head-comment-error.ts'
export { optionsInForce } from './options-in-force.ts'
export { meetForeignEngines } from '../interception/engine/foreign-engines.ts'
export { isAlive } from '../storage/is-alive.ts'
export { isOwnDirectory } from '../storage/is-own-directory.ts'
export { machine } from '../storage/machine.ts'
export { warnOnce } from '../warn-once.ts'
export { isReported } from './is-reported.ts'
export { runnerOptions, type RunnerOptions } from './runner-options.ts'
export {
  appendShardRecord,
  hasShardUsage,
  shardUsageDirectory,
  startShard,
  type Shard,
  type ShardRecord,
} from './shard-usage.ts'
export { summaryRows, type SummaryRow } from './summary.ts'
export { TestFileSession, type TestFileStart } from './test-file-session.ts'
export type { TestScope } from './test-scope.ts'
export { unusedFiles } from './unused-files.ts'
export { removeStaleLists } from './unused-lists.ts'
export { removeUnusedLog, unusedLogName, writeUnusedLog, type UnusedFiles } from './unused-log.ts'
