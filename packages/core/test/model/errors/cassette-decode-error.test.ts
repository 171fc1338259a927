import { expect, test } from 'vitest'
import { CassetteDecodeError } from '../../../src/model/errors/cassette-decode-error.ts'

test('it tells the file, the problem and the remedy', () => {
  const error = new CassetteDecodeError('/repo/api.json', 'unexpected end at line 3, column 1')

  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({
    name: 'CassetteDecodeError',
    code: 'ERR_CASSETTE_DECODE',
    path: '/repo/api.json',
    message:
      'Cannot read the cassette /repo/api.json: unexpected end at line 3, column 1. ' +
      'Mend it, restore it from version control, or delete it to record anew.',
  })
  expect(error.cause).toBeUndefined()
})

test('it keeps its cause, and another remedy takes the place of the usual one', () => {
  const cause = new SyntaxError('bad')
  const error = new CassetteDecodeError('/a.json', 'it has version 2', {
    cause,
    remedy: 'Update Cassette.',
  })

  expect(error.cause).toBe(cause)
  expect(error.message).toBe('Cannot read the cassette /a.json: it has version 2. Update Cassette.')
})
