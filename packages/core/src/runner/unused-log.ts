import { rmSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { replaceFile } from '../storage/atomic-write.ts'

/** Written at the root of the project at the end of a complete run. */
export const unusedLogName = '.unused_cassette.log'

/**
 * Writes the log that `xargs rm < .unused_cassette.log` reads: one path a line, relative to the
 * root, escaped for `xargs`. Empty where nothing is unused.
 *
 * @param files absolute paths
 */
export async function writeUnusedLog(root: string, files: readonly string[]): Promise<void> {
  const lines = files.map((file) => escaped(relative(root, file).replaceAll(sep, '/')))
  await replaceFile(join(root, unusedLogName), lines.map((line) => `${line}\n`).join(''))
}

/** Removes the log of an earlier run; does nothing where there is none. */
export function removeUnusedLog(root: string): void {
  rmSync(join(root, unusedLogName), { force: true })
}

// `xargs` splits on blanks and reads quotes and backslashes; `rm` reads a leading dash.
function escaped(path: string): string {
  const quoted = path.replaceAll(/[\s'"\\]/g, String.raw`\$&`)
  return quoted.startsWith('-') ? `./${quoted}` : quoted
}
