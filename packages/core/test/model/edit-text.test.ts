import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { editsOf, piecesOf, withCutEdits, withEdits } from '../../src/model/edit-text.ts'

test('edits are made in the order of their places, and of two that overlap the first counts', () => {
  const edits = [
    { start: 4, end: 6, text: 'X' },
    { start: 0, end: 1, text: 'AA' },
    { start: 5, end: 7, text: 'Y' },
  ]
  expect(withEdits('abcdefgh', edits)).toBe('AAbcdXgh')
})

test('a group named secret is all that an edit replaces', () => {
  const edits = editsOf('a=1;b=2', /[ab]=(?<secret>\d)/dg, (secret) => `<${secret}>`)
  expect(withEdits('a=1;b=2', edits)).toBe('a=<1>;b=<2>')
})

test('a text keeps its cuts, and what is new stays in the piece where the old began', () => {
  const cut = withCutEdits({ text: 'one two three', cuts: [2, 5, 6, 13] }, [
    { start: 4, end: 7, text: 'TWOTWO' },
  ])
  expect(piecesOf(cut)).toEqual(['on', 'e TWOTWO', '', ' three'])
})

test('however a text is cut, the pieces together are the text that was edited whole', () => {
  const places = fc.uniqueArray(fc.nat(19), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(fc.string({ minLength: 20, maxLength: 20 }), places, places, (text, at, cuts) => {
      const edits = at.map((start) => ({ start, end: Math.min(start + 3, 20), text: '<new>' }))
      const inOrder = [...cuts.toSorted((a, b) => a - b), 20]
      const pieces = piecesOf(withCutEdits({ text, cuts: inOrder }, edits))

      expect(pieces).toHaveLength(inOrder.length)
      expect(pieces.join('')).toBe(withEdits(text, edits))
    }),
  )
})
