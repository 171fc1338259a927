import { cpSync } from 'node:fs'
import { extname } from 'node:path'

let copies = 0

/**
 * The same cassette as a later run meets it. What this process remembers of its own recordings goes
 * by their path, so a copy is what another process would read.
 */
export function nextRun(path: string): string {
  copies += 1
  const copy = `${path.slice(0, path.length - extname(path).length)}-${copies}${extname(path)}`
  cpSync(path, copy, { recursive: true })
  return copy
}
