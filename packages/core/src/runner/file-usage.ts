/** What one test file did to cassettes; plain data, because it crosses processes. */
export interface FileUsage {
  /** Absolute path. */
  readonly testFile: string
  /** Absolute path of the file's cassette. */
  readonly cassette: string
  /** Absolute paths of the cassette files that were recorded or replayed. */
  readonly used: readonly string[]
  /** Whether every test of the file ran and passed: nothing unused here was merely not reached. */
  readonly isComplete: boolean
}
