import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { optionsInForce } from '../../src/runner/options-in-force.ts'
import type { RunnerOptions } from '../../src/runner/runner-options.ts'
import { TestFileSession, type TestFileStart } from '../../src/runner/index.ts'
import { tempDir } from '../support/temp-dir.ts'

interface Say {
  readonly env?: string
  readonly comment?: string
  readonly option?: RunnerOptions
  readonly config?: RunnerOptions
  readonly runner?: Partial<TestFileStart>
}

/** The mode of a test file about which all of these say something. */
function mode({ env, comment, option, config, runner }: Say): string | undefined {
  const root = tempDir()
  const testFile = join(root, 'a.test.ts')
  writeFileSync(testFile, comment === undefined ? '' : `// @cassette-mode ${comment}\n`)
  writeFileSync(
    join(root, 'cassette.config.mjs'),
    `export default ${JSON.stringify(config ?? {})}\n`,
  )
  vi.stubEnv('CASSETTE_MODE', env)
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const session = TestFileSession.start({ testFile, root, ...runner }, option ?? {})
  onTestFinished(() => session.finish())
  return session.player?.recordMode
}

test.each<[string, Say, string]>([
  ['the environment before the comment', { env: 'all', comment: 'once' }, 'all'],
  ['the comment before the option', { comment: 'once', option: { recordMode: 'all' } }, 'once'],
  [
    'the option before cassette.config',
    { option: { recordMode: 'once' }, config: { recordMode: 'all' } },
    'once',
  ],
  [
    'cassette.config before the runner',
    { config: { recordMode: 'once' }, runner: { runsInCi: true } },
    'once',
  ],
  ['the runner before the default', { runner: { runsInCi: true } }, 'none'],
  ['the default', { runner: { runsInCi: false } }, 'new_episodes'],
])('the mode: %s', (_what, say, expected) => {
  expect(mode(say)).toBe(expected)
})

const update = { runner: { updatesSnapshots: true } }

test.each<[string, Say, string]>([
  ['records anew', { ...update, option: { recordOnUpdate: true, recordMode: 'once' } }, 'all'],
  ['is off by default', { ...update, option: { recordMode: 'once' } }, 'once'],
  [
    'needs an update of snapshots',
    { option: { recordOnUpdate: true }, runner: { runsInCi: true } },
    'none',
  ],
  ['yields to the file', { ...update, comment: 'none', option: { recordOnUpdate: true } }, 'none'],
  [
    'yields to the environment',
    { ...update, env: 'none', option: { recordOnUpdate: true } },
    'none',
  ],
])('recordOnUpdate %s', (_what, say, expected) => {
  expect(mode(say)).toBe(expected)
})

function optionsWith(env: Readonly<Record<string, string>>): RunnerOptions {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  return optionsInForce(tempDir(), { failOnMiss: true, cassetteDir: 'given', matchOn: ['url'] })
}

test('every plain option can be set by the environment, before all others', () => {
  expect(
    optionsWith({
      CASSETTE_DIR: 'recordings',
      CASSETTE_PER: 'test',
      CASSETTE_FAIL_ON_MISS: 'false',
      CASSETTE_MATCH_ON: 'method, url',
    }),
  ).toEqual({
    cassetteDir: 'recordings',
    cassettePer: 'test',
    failOnMiss: false,
    matchOn: ['method', 'url'],
  })
})

test('an empty variable sets nothing', () => {
  expect(optionsWith({ CASSETTE_DIR: '' }).cassetteDir).toBe('given')
})

test.each([
  [
    'CASSETTE_FAIL_ON_MISS',
    'maybe',
    /CASSETTE_FAIL_ON_MISS: 'maybe'. Use one of true, false, 1, 0/,
  ],
  ['CASSETTE_STORAGE', 'tape', /storage in the environment: 'tape'. Use one of directory, file/],
])('a wrong value of %s is an error', (name, value, message) => {
  expect(() => optionsWith({ [name]: value })).toThrow(message)
})
