import { expect, test } from 'vitest'
import { UnhandledRequestError } from '../../../src/model/errors/unhandled-request-error.ts'

test('it carries the request, the cassette and the whole explanation', () => {
  const miss = {
    method: 'GET',
    url: 'https://a.test/',
    reason: 'never recorded',
    path: '/a.json',
    nearest: [{ method: 'GET', url: 'https://a.test/b', location: 'b.json', differs: ['path'] }],
    message: 'Why. Remedy.',
  } as const
  const error = new UnhandledRequestError(miss)

  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({
    ...miss,
    name: 'UnhandledRequestError',
    code: 'ERR_CASSETTE_UNHANDLED_REQUEST',
  })
})

test('it has no path where no cassette could be told', () => {
  const error = new UnhandledRequestError({
    method: 'GET',
    url: 'https://a.test/',
    reason: 'no player',
    message: 'Why',
  })
  expect(error.path).toBeUndefined()
  expect(error.nearest).toEqual([])
})
