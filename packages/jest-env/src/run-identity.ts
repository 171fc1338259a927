import { createHash } from 'node:crypto'
import { isMainThread } from 'node:worker_threads'
import type { Config } from '@jest/types'

/** A run of Jest, the same in each of its processes and threads. */
export interface RunIdentity {
  /** Id of the process that was started as Jest. */
  readonly mainPid: number
  /** A file name: `<mainPid>-<seed>-<hash of the root>`. */
  readonly key: string
  /** Whether the tests run in the very process and thread that was started as Jest. */
  readonly isInBand: boolean
}

// What a worker process of Jest 29 and 30 was started with.
const workerScript = /[/\\]jest-worker[/\\]build[/\\](workers[/\\])?processChild\.js$/

/** Tells the run that this code is part of. */
export function runIdentity({ seed, rootDir }: Config.GlobalConfig): RunIdentity {
  const isChild = isMainThread && workerScript.test(process.argv[1] ?? '')
  const mainPid = isChild ? process.ppid : process.pid
  const root = createHash('sha256').update(rootDir).digest('hex').slice(0, 8)
  return { mainPid, key: `${mainPid}-${seed}-${root}`, isInBand: isMainThread && !isChild }
}
