/** What one test file did to cassettes; plain data, because it crosses processes. */
export interface FileUsage {
  /** Absolute path. */
  readonly testFile: string
  /** Absolute path of the file's cassette; those of its tests are below it. */
  readonly cassette: string
  /** Whether each test has a cassette of its own. */
  readonly isPerTest?: boolean
  /** Absolute paths of the cassette files that were recorded or replayed. */
  readonly used: readonly string[]
  /** Whether every test of the file ran and passed: nothing unused here was merely not reached. */
  readonly isComplete: boolean
  /** For the summary. */
  readonly counts?: UsageCounts | undefined
}

/** How much a test file used its cassettes. */
export interface UsageCounts {
  /** How many cassettes something was recorded to or replayed from. */
  readonly cassettes: number
  readonly replayed: number
  readonly recorded: number
  /** How many of the recorded ones with their secrets, since `redact` is false. */
  readonly unredacted: number
  /** How many recordings were asked for that are older than `maxAge`. */
  readonly expired: number
  /** How many requests had no answer. */
  readonly misses: number
}
