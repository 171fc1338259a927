import type { CassetteLibrary } from '../model/cassette-library.ts'

// By path: whether the cassette held anything when this process first looked.
const startedEmpty = new Map<string, boolean>()

/**
 * Whether mode `once` may record into a cassette: only if it did not exist, or was empty, when this
 * run first inserted it. The answer stays the same for the run, so that a second insert goes on.
 *
 * @param existed when it was inserted
 */
export function mayRecordOnce(library: CassetteLibrary, existed: boolean): boolean {
  const known = startedEmpty.get(library.path)
  if (known !== undefined) return known
  const isEmpty = !existed || library.interactions().length === 0
  startedEmpty.set(library.path, isEmpty)
  return isEmpty
}
