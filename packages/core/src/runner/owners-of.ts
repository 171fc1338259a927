import { isInside } from '../storage/real-path.ts'
import { cassetteRoot, testFileOf } from './cassette-path.ts'

/**
 * The test files, there or not, whose cassette a path is where nothing else is said: with the
 * `cassetteDir` of a project and without it.
 *
 * @param cassette absolute path
 * @returns absolute paths
 */
export function ownersOf(
  cassette: string,
  { root, cassetteDir }: { root: string; cassetteDir: string | undefined },
): string[] {
  const beside = testFileOf(cassette, root)
  if (cassetteDir === undefined || !isInside(cassetteRoot(root, cassetteDir), cassette)) {
    return [beside]
  }
  return [beside, testFileOf(cassette, root, cassetteDir)]
}
