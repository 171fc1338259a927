import { isInside } from '../storage/real-path.ts'
import { cassetteRoot, testFileOf, type CassettePlace } from './cassette-path.ts'

/**
 * The test files, there or not, whose cassette a path is where nothing else is said: with the
 * `cassetteDir` of each project and without it.
 *
 * @param cassette absolute path
 * @returns absolute paths
 */
export function ownersOf(cassette: string, places: readonly CassettePlace[]): string[] {
  const around = places.filter(
    ({ root, cassetteDir }) =>
      cassetteDir !== undefined && isInside(cassetteRoot(root, cassetteDir), cassette),
  )
  return [testFileOf(cassette), ...around.map((place) => testFileOf(cassette, place))]
}
