import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { OptionError, play, Player } from '../../src/index.ts'
import { environmentOptions, variableOf } from '../../src/player/environment-options.ts'
import { playerOptionTypes } from '../../src/player/player-options.ts'
import { runnerOptionsInForce, runnerOptionTypes } from '../../src/runner/runner-options.ts'
import { testOrigin } from '../support/origin.ts'
import { tempDir } from '../support/temp-dir.ts'
import { cassetteWarnings, warningsTold } from '../support/warnings.ts'

afterEach(() => {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('CASSETTE_') && name !== 'CASSETTE_MODE') delete process.env[name]
  }
  process.env['CASSETTE_MODE'] = ''
})

const text = async (url: string) => (await fetch(url)).text()
const types = { ...playerOptionTypes, ...runnerOptionTypes }

test.each([
  ['CASSETTE_MODE', 'none', { recordMode: 'none' }],
  ['CASSETTE_FILE_FORMAT', 'yaml', { fileFormat: 'yaml' }],
  ['CASSETTE_MATCH_ON', 'method, url', { matchOn: ['method', 'url'] }],
  ['CASSETTE_IGNORE_HOSTS', 'a.test,*.b.test:80,', { ignoreHosts: ['a.test', '*.b.test:80'] }],
  ['CASSETTE_ALLOW_PLAYBACK_REPEATS', 'false', { allowPlaybackRepeats: false }],
  ['CASSETTE_IGNORE_LOCALHOST', '1', { ignoreLocalhost: true }],
  ['CASSETTE_RECORD_ON_FAILURE', '0', { recordOnFailure: false }],
  ['CASSETTE_MAX_AGE', '30d', { maxAge: '30d' }],
  ['CASSETTE_TIMING', 'recorded', { timing: 'recorded' }],
  ['CASSETTE_TIMING', '2.5', { timing: 2.5 }],
  ['CASSETTE_DIR', 'recordings', { cassetteDir: 'recordings' }],
  ['CASSETTE_FAIL_ON_MISS', 'true', { failOnMiss: true }],
  ['CASSETTE_MAX_AGE', '', {}],
  ['CASSETTE_BEFORE_RECORD', '() => null', {}],
])('%s=%s gives %o', (name, value, expected) => {
  expect(environmentOptions(types, { [name]: value })).toEqual(expected)
})

test.each(['yes', 'TRUE', 'on', '2'])('the boolean %s is refused with the valid ones', (value) => {
  const read = () => environmentOptions(types, { CASSETTE_REDACT: value })
  expect(read).toThrow(OptionError)
  expect(read).toThrow(`Invalid CASSETTE_REDACT: '${value}'. Use one of true, false, 1, 0.`)
})

test('the environment overrides the option', async () => {
  const origin = await testOrigin()
  const path = join(tempDir(), 'cassette')
  process.env['CASSETTE_IGNORE_LOCALHOST'] = 'true'

  await play(path, { ignoreLocalhost: false }, () => text(`${origin.url}/json`))

  expect(existsSync(path)).toBe(false)
})

test.each([
  ['CASSETTE_MAX_AGE', 'soon'],
  ['CASSETTE_ON_EXPIRED', 'panic'],
  ['CASSETTE_IGNORE_HOSTS', 'https://a.test'],
  ['CASSETTE_MATCH_ON', 'uri'],
  ['CASSETTE_TIMING', 'slow'],
  ['CASSETTE_FILE_FORMAT', 'toml'],
])('%s=%s is refused as the option would be', (name, value) => {
  process.env[name] = value
  expect(() => new Player('cassette')).toThrow(OptionError)
})

test('the format of the environment is for cassettes whose path does not tell theirs', async () => {
  const origin = await testOrigin()
  const dir = tempDir()
  process.env['CASSETTE_FILE_FORMAT'] = 'yaml'

  await play(join(dir, 'cassette.json'), () => text(`${origin.url}/json`))
  await play(join(dir, 'cassette'), () => text(`${origin.url}/json`))

  expect(new Player(join(dir, 'cassette.json')).interactions).toHaveLength(1)
  expect(readdirSync(join(dir, 'cassette'))).toEqual([expect.stringMatching(/\.yaml$/)])
})

test('of the options of a runner the environment comes first, then what is given, then the file', () => {
  process.env['CASSETTE_DIR'] = 'environment'
  const config = { cassetteDir: 'config', storage: 'file', failOnMiss: false } as const
  const given = { cassetteDir: 'given', storage: 'directory', failOnMiss: undefined }

  expect(runnerOptionsInForce(config, given as object)).toEqual({
    cassetteDir: 'environment',
    storage: 'directory',
    failOnMiss: false,
  })
})

test('a storage of the environment that is none is refused', () => {
  process.env['CASSETTE_STORAGE'] = 'database'
  expect(() => runnerOptionsInForce({}, {})).toThrow(/storage in the environment: 'database'/)
})

test('a variable that looks like a misspelt one is pointed out once, with the valid ones', async () => {
  const warnings = cassetteWarnings()
  const env = {
    CASSETTE_MDOE: 'none',
    CASSETTE_IGNORE_HOST: 'a.test',
    CASSETTE_RECORD_MODE: 'none',
    CASSETTE_TAPE_COUNT: '3',
    CASSETTE: '1',
  }

  environmentOptions(types, env)
  environmentOptions(types, env)

  await warningsTold()
  const named = warnings.map((warning) => /variable (\w+)/.exec(warning)?.[1])
  expect(named).toEqual(['CASSETTE_MDOE', 'CASSETTE_IGNORE_HOST', 'CASSETTE_RECORD_MODE'])
  expect(warnings[0]).toContain('CASSETTE_MODE, CASSETTE_FILE_FORMAT')
})

test('no variable looks like another misspelt, so that each layer knows its own', async () => {
  const warnings = cassetteWarnings()
  const names = Object.entries(types).flatMap(([option, type]) => variableOf(option, type) ?? [])
  const env = Object.fromEntries(names.map((name) => [name, '']))

  environmentOptions(playerOptionTypes, env)
  environmentOptions(runnerOptionTypes, env)

  await warningsTold()
  expect(warnings).toEqual([])
})
