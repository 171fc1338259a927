import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonTokens } from '../../../src/model/redaction/json-tokens.ts'

// What a token is, as a pattern.
const string = String.raw`"[^"\\\n\r]*(?:\\.[^"\\\n\r]*)*"`
const token = new RegExp(String.raw`${string}|-?\d[\d.eE+-]*|[[\]{}]`, 'g')

const piece = fc.oneof(
  fc.constantFrom(
    '"',
    '\\',
    '\\"',
    '\n',
    '\r',
    '\u2028',
    ':',
    ' : ',
    '\u00a0',
    ',',
    '[]',
    '{',
    '}',
  ),
  fc.constantFrom('-', '-1', '1.5e+3', 'true', 'null', 'é', '🎞', '"key":', '"a\\"b"'),
  fc.string(),
)
const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''))

function tokensOf(given: string): string[] {
  const tokens = new JsonTokens(given)
  const found: string[] = []
  while (tokens.next()) found.push(`${tokens.kind} ${tokens.start} ${tokens.found}`)
  return found
}

function kindOf(found: string): string {
  if (found.startsWith('"')) return 'string'
  return /^[[\]{}]$/.test(found) ? found : 'number'
}

test('the tokens of any text are what the pattern finds in it', () => {
  fc.assert(
    fc.property(text, (given) => {
      const expected = Array.from(given.matchAll(token), (match) => {
        return `${kindOf(match[0])} ${match.index} ${match[0]}`
      })
      expect(tokensOf(given)).toEqual(expected)
    }),
  )
})

test('a colon is taken with the white space around it, and only where there is one', () => {
  fc.assert(
    fc.property(text, fc.nat(200), (given, at) => {
      const tokens = new JsonTokens(given)
      tokens.at = at
      const colon = /\s*:\s*/y
      colon.lastIndex = at
      const isThere = colon.test(given)
      expect(tokens.takeColon()).toBe(isThere)
      expect(tokens.at).toBe(isThere ? colon.lastIndex : at)
    }),
  )
})

test('a closing bracket is not taken for a value', () => {
  const tokens = new JsonTokens('}1')
  expect(tokens.takeValue()).toBe(false)
  expect(tokens.next()).toBe(true)
  expect([tokens.kind, tokens.takeValue(), tokens.found]).toEqual(['}', true, '1'])
})

test('a string that never ends is read once, and not again for each quote in it', () => {
  expect(tokensOf(`"${'\\"'.repeat(500_000)}1`)).toEqual(['number 1000001 1'])
})
