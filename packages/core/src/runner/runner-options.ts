import { encoderOfPath } from '../storage/encoders.ts'
import { OptionError } from '../model/errors/option-error.ts'
import { checkRedactOption } from '../model/redaction/redact-option.ts'
import { checkOptions, type OptionType } from '../player/check-options.ts'
import { environmentOptions } from '../player/environment-options.ts'
import { playerOptionTypes, type PlayerOptions } from '../player/player-options.ts'
import { onSecretOption } from '../player/scan/on-secret.ts'

/** The options of the runner packages: those of a player, and where cassettes are. */
export interface RunnerOptions extends PlayerOptions {
  /**
   * One directory, relative to the root, for all cassettes; it mirrors the tree of the test files.
   *
   * @default '__cassettes__' beside each test file
   */
  readonly cassetteDir?: string | undefined
  /**
   * Whether a test file's cassette is a directory with a file per interaction, or one file.
   *
   * @default 'directory'
   */
  readonly storage?: 'directory' | 'file' | undefined
  /**
   * Whether the cassette is one for the whole test file, or each test has its own below it, in a
   * place made of the test's name.
   *
   * @default 'file'
   */
  readonly cassettePer?: 'file' | 'test'
  /**
   * Whether a run that updates snapshots (`-u`) records everything anew, as mode `all` does.
   *
   * @default false
   */
  readonly recordOnUpdate?: boolean
  /**
   * Whether a summary is printed at the end of the run.
   *
   * @default true
   */
  readonly reporter?: boolean
  /**
   * Whether a miss fails the test that made it even where the code under test swallowed the error.
   *
   * @default true
   */
  readonly failOnMiss?: boolean | undefined
  /**
   * Whether requests to servers of the test's own process pass through, unrecorded: an app under
   * test, as supertest starts it on another port every time.
   *
   * @default true
   */
  readonly ignoreOwnServers?: boolean | undefined
}

/** What each option must be that only runners have. */
export const runnerOptionTypes: Readonly<
  Record<Exclude<keyof RunnerOptions, keyof PlayerOptions>, OptionType>
> = {
  cassetteDir: 'string',
  storage: 'string',
  cassettePer: 'string',
  recordOnUpdate: 'boolean',
  reporter: 'boolean',
  failOnMiss: 'boolean',
  ignoreOwnServers: 'boolean',
}

const types: Readonly<Record<keyof RunnerOptions, OptionType>> = {
  ...playerOptionTypes,
  ...runnerOptionTypes,
}

/**
 * Checks what a user gave.
 *
 * @param source where it stands, for messages: `cassette()`, `testEnvironmentOptions.cassette`
 * @throws OptionError that lists the valid options or values
 */
export function runnerOptions(given: unknown, source: string): RunnerOptions {
  if (given === undefined) return {}
  const options: unknown = given
  checkOptions<RunnerOptions>(options, types, source)
  checkRedactOption(options.redact, source)
  onSecretOption(options.onSecret, source)
  checkChoice('storage', options.storage, ['directory', 'file'], source)
  checkChoice('cassettePer', options.cassettePer, ['file', 'test'], source)
  return options
}

function checkChoice(
  name: string,
  value: string | undefined,
  valid: readonly string[],
  source: string,
): void {
  if (value === undefined || valid.includes(value)) return
  throw new OptionError(`${name} in ${source}`, value, `one of ${valid.join(', ')}`)
}

/**
 * The options in force: what the environment says, else what the runner's configuration does, else
 * `cassette.config.*`. The head comment of a file may still overrule some.
 *
 * @throws OptionError for a variable that cannot be what it is
 */
export function runnerOptionsInForce(config: RunnerOptions, given: RunnerOptions): RunnerOptions {
  const set = Object.entries(given).filter(([, value]) => value !== undefined)
  const environment = runnerOptions(environmentOptions(types), 'the environment')
  return { ...config, ...Object.fromEntries(set), ...environment }
}

/**
 * The options that a player knows. The extension of a path decides over `fileFormat`: somebody
 * wrote it into a test file, while the option speaks for all of them.
 */
export function playerOptions(options: RunnerOptions, path: string): PlayerOptions {
  const known = Object.entries(options).filter(([name]) => Object.hasOwn(playerOptionTypes, name))
  return Object.fromEntries(
    known.filter(([name]) => name !== 'fileFormat' || encoderOfPath(path) === undefined),
  )
}
