import { expect, test } from 'vitest'
import { OptionError } from '../../src/model/errors/option-error.ts'
import { parseRecordMode, recordModes } from '../../src/model/record-mode.ts'

test('there are four modes', () => {
  expect(recordModes.toSorted()).toEqual(['all', 'new_episodes', 'none', 'once'])
})

test.each(recordModes)('%s is a mode', (mode) => {
  expect(parseRecordMode(mode, 'recordMode')).toBe(mode)
})

test.each(['ONCE', 'new-episodes', '', ' none', 'toString', undefined, null, 1, ['none']])(
  '%j is none: the error names its source, the value and the valid ones',
  (value) => {
    const read = () => parseRecordMode(value, 'CASSETTE_MODE')

    expect(read).toThrow(OptionError)
    expect(read).toThrow('Invalid CASSETTE_MODE: ')
    expect(read).toThrow('Use one of new_episodes, once, none, all.')
  },
)
