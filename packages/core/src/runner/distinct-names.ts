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
  // By name, the last number tried: a table may have thousands of rows with one title.
  const numbers = new Map<string, number>()
  return names.map((name) => {
    let distinct = name
    let number = numbers.get(name) ?? 1
    while (given.has(distinct)) {
      number += 1
      const numbered = `${name} (${number})`
      if (!taken.has(numbered)) distinct = numbered
    }
    numbers.set(name, number)
    given.add(distinct)
    return distinct
  })
}
