import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isTestCassette, withoutExtension } from './cassette-path.ts'

/**
 * The cassettes of single tests that are stored below the cassette of a test file.
 *
 * @param cassette absolute path of the file's
 * @returns absolute paths
 */
export function testCassettes(cassette: string): string[] {
  const directory = withoutExtension(cassette)
  try {
    return readdirSync(directory)
      .filter((name) => isTestCassette(name))
      .map((name) => join(directory, name))
  } catch {
    return []
  }
}
