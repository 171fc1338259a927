import * as fc from 'fast-check'
import { CORE_SCHEMA, load } from 'js-yaml'
import { expect, test } from 'vitest'
import { cassetteDocument } from '../../src/storage/cassette-document.ts'
import { readPlainYaml } from '../../src/storage/plain-yaml.ts'
import { yamlEncoder } from '../../src/storage/yaml-encoder.ts'
import { sampleInteraction } from '../support/interaction.ts'

const texts = [
  ['a', 'two words', '1', '-1', '01', '1e3', '1.50', '0x1f', '.5', '....', 'null', 'True', '~'],
  ['a: b', 'a:b', 'a #b', 'a#b', '#a', '- a', '-a', '--', 'http://a/b?c=d', "it's", '"q"', 'é'],
  ['[a]', 'a, b', '{}', '[]', '|', '|-', 'a\n\nb\n', ' a\nb', 'a\nb\n\n', 'a ', 'a:', '2026-11-23'],
  ['1_000', '5f2c9e01', '12e03', '', ' ', '...', '---', '?', '? a', '@', '<<', '__proto__', '1:2'],
].flat()
const words = fc.constantFrom(...texts)
const plainKey = fc.constantFrom('a', 'b', 'c', 'd e', '_f', 'g-h', 'i.j/k')
const key = fc.oneof({ weight: 20, arbitrary: plainKey }, words, fc.string())
const calm = fc.oneof(
  fc.constantFrom(1, 0.5, true, null),
  fc.constantFrom('a', 'two words', "it's", 'http://a/b', '1', 'a\nb', 'a\n\nb\n', ' a', 'b: c'),
)

function anyOf(leaf: fc.Arbitrary<unknown>, name: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  return fc.letrec((value) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      { weight: 4, arbitrary: leaf },
      fc.array(value('any')),
      fc.dictionary(name, value('any')),
    ),
  })).any
}

const calmValue = anyOf(calm, plainKey)
const anyValue = anyOf(
  fc.oneof(
    { weight: 4, arbitrary: words },
    fc.constantFrom(null, true, false, {}, []),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.string(),
  ),
  key,
)

const runs = 1000

/** What js-yaml reads, or why it does not. */
function read(text: string): { value: unknown } | { problem: string } {
  try {
    return { value: load(text, { schema: CORE_SCHEMA, maxAliases: 0 }) }
  } catch (error) {
    return { problem: String(error) }
  }
}

test('what is recorded is read without js-yaml', () => {
  const text = yamlEncoder.encode(cassetteDocument([sampleInteraction()]))

  expect(readPlainYaml(text)).toStrictEqual(read(text))
})

test('what it reads of any written value is what js-yaml reads', () => {
  let plain = 0
  fc.assert(
    fc.property(fc.dictionary(plainKey, anyValue), (value) => {
      const text = yamlEncoder.encode(value)
      const found = readPlainYaml(text)
      if (found === undefined) return
      plain += 1
      expect(found).toStrictEqual(read(text))
    }),
    { numRuns: runs },
  )
  expect(plain).toBeGreaterThan(runs / 10)
})

test('what it reads of a text that somebody has changed is what js-yaml reads', () => {
  const odd = [
    [' ', '  ', '\n', '\n\n', '- ', ': ', ':', '#', ' #', "'", '"', '|', '|-\n', '[', ']', ', '],
    ['{}', '&a ', '*a', '!!str ', '? ', '---\n', '...\n', '1', '0', '\t', '\\', '%', '__proto__'],
  ].flat()
  const pieces = fc.oneof(
    fc.constantFrom(...odd),
    fc.constantFrom('', 'a', 'b c', '2', '.', '-', '/'),
  )
  let plain = 0
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(3),
    pieces,
  })
  fc.assert(
    fc.property(calmValue, fc.array(change, { minLength: 1, maxLength: 2 }), (value, changes) => {
      const written = yamlEncoder.encode({ a: value, b: [value, { c: value }] })
      const text = changes.reduce((before, { at, cut, pieces: put }) => {
        const start = Math.floor(at * before.length)
        return before.slice(0, start) + put + before.slice(start + cut)
      }, written)
      const found = readPlainYaml(text)
      if (found === undefined) return
      plain += 1
      expect(found).toStrictEqual(read(text))
    }),
    { numRuns: runs },
  )
  expect(plain).toBeGreaterThan(0)
})
