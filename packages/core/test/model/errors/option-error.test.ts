import { expect, test } from 'vitest'
import { OptionError } from '../../../src/model/errors/option-error.ts'

test('it tells the option, the value and what would be valid', () => {
  const error = new OptionError('fileFormat', 'xml', 'one of json, yaml')

  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({
    name: 'OptionError',
    code: 'ERR_CASSETTE_OPTION',
    message: "Invalid fileFormat: 'xml'. Use one of json, yaml.",
  })
})

test('any value can be shown', () => {
  const loop: Record<string, unknown> = {}
  loop['self'] = loop
  for (const value of [undefined, null, Symbol('s'), 1n, () => 1, loop, Object.create(null)]) {
    expect(new OptionError('matchOn', value, 'a list').message).toMatch(/^Invalid matchOn: .+ Use/s)
  }
})
