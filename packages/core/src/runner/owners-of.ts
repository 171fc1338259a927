import { isInside } from '../storage/real-path.ts'
import { cassetteRoot, testFileOf } from './cassette-path.ts'

/** A project, and where it keeps its cassettes. */
export interface CassettePlace {
  /** Absolute path of the project. */
  readonly root: string
  readonly cassetteDir?: string | undefined
}

/**
 * The test files, there or not, whose cassette a path is where nothing else is said: with the
 * `cassetteDir` of each project and without it.
 *
 * @param cassette absolute path
 * @returns absolute paths
 */
export function ownersOf(cassette: string, places: readonly CassettePlace[]): string[] {
  return places.flatMap(({ root, cassetteDir }) => {
    const beside = testFileOf(cassette, root)
    if (cassetteDir === undefined || !isInside(cassetteRoot(root, cassetteDir), cassette)) {
      return [beside]
    }
    return [beside, testFileOf(cassette, root, cassetteDir)]
  })
}
