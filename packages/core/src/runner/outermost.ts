import { isInside } from '../storage/real-path.ts'

/** The directories that are in no other of them: whoever looks below these sees all. */
export function outermost(directories: readonly string[]): string[] {
  return [...new Set(directories)].filter(
    (directory) => !directories.some((other) => isInside(other, directory)),
  )
}
