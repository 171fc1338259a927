import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A directory of the running test alone, removed after it. */
export function tempDir(): string {
  const path = mkdtempSync(join(realpathSync(tmpdir()), 'cassette-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}
