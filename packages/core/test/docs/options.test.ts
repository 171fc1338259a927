import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { OptionType } from '../../src/player/check-options.ts'
import { variableOf } from '../../src/player/environment-options.ts'
import { playerOptionTypes } from '../../src/player/player-options.ts'
import { runnerOptionTypes } from '../../src/runner/runner-options.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

/** The `@default` of every option, from the comments that editors show. */
function defaults(): Map<string, string> {
  const sources = [
    'player/player-options.ts',
    'player/ignored-requests.ts',
    'player/expiry.ts',
    'player/hooks.ts',
    'model/matcher-set.ts',
    'runner/runner-options.ts',
  ].map((file) => read(`../../src/${file}`))
  const comments = sources.flatMap((source) => [
    ...source.matchAll(/\/\*\*((?:(?!\*\/)[^])*)\*\/\s*readonly (\w+)\?:/g),
  ])
  return new Map(
    comments.map(([, comment = '', option = '']) => {
      const [, text = ''] = /@default ([^]*)$/.exec(comment) ?? []
      return [option, text.replaceAll(/\s*\n\s*\*?/g, ' ').trim()]
    }),
  )
}

/** The rows of the tables of docs/options.md. */
function rows(): Record<string, string>[] {
  const table = read('../../../../docs/options.md').matchAll(/^\| `(\w+)` +\|(.*)\|(.*)\|(.*)\|$/gm)
  return Array.from(table, ([, option = '', type = '', standard = '', variable = '']) => ({
    option,
    type: type.trim(),
    default: standard.replaceAll('`', '').trim(),
    variable: variable.replaceAll('`', '').trim(),
  }))
}

test('docs/options.md tells every option with its type, its default and its variable', () => {
  const types: Record<string, OptionType> = { ...playerOptionTypes, ...runnerOptionTypes }
  const standard = defaults()
  // What has a check of its own has a type of its own, too.
  const told = new Map(rows().map(({ option, type }) => [option, type]))
  const typeOf = (option: string, type: OptionType) =>
    type === 'checked elsewhere' ? told.get(option) : type.replace('array', 'list')
  const expected = Object.entries(types).map(([option, type]) => ({
    option,
    type: typeOf(option, type),
    default: standard.get(option),
    variable: variableOf(option, type) ?? 'none',
  }))
  const byName = (one: { option?: string }, other: { option?: string }) =>
    String(one.option) < String(other.option) ? -1 : 1

  expect(rows().toSorted(byName)).toEqual(expected.toSorted(byName))
})
