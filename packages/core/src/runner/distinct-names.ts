/**
 * Names by which the tests of a file can be told apart: of several that have the same, the later
 * ones get a number. It depends on all tests of the file, not on those that run, so that `.only` and
 * `skip` change no name.
 *
 * @param names full names of all tests of a file, in its order
 * @returns as many, all different
 */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set(names)
  const given = new Set<string>()
  return names.map((name) => {
    let distinct = name
    for (let number = 2; given.has(distinct); number += 1) {
      const numbered = `${name} (${number})`
      if (!taken.has(numbered)) distinct = numbered
    }
    given.add(distinct)
    return distinct
  })
}
