import { parseRecordMode, type RecordMode } from '../model/record-mode.ts'

/** A mode and who decided it, for messages. */
export interface RecordModeInForce {
  readonly mode: RecordMode
  /** Completes "mode none, …". */
  readonly because: string
}

/**
 * The mode in force: `CASSETTE_MODE`, else the option, else `none` in CI, else `new_episodes`.
 *
 * @param runsInCi what a test runner says, which knows more than the environment: `--ci`
 * @param setBy who gave the option, for messages
 * @throws OptionError for an unknown mode
 */
export function recordModeInForce(
  option: RecordMode | undefined,
  runsInCi?: boolean,
  setBy = 'the option recordMode',
  env: NodeJS.ProcessEnv = process.env,
): RecordModeInForce {
  const { CASSETTE_MODE: fromEnv, CI: ci = '' } = env
  if (fromEnv !== undefined && fromEnv !== '') {
    return { mode: parseRecordMode(fromEnv, 'CASSETTE_MODE'), because: 'set by CASSETTE_MODE' }
  }
  if (option !== undefined) {
    return { mode: parseRecordMode(option, 'recordMode'), because: `set by ${setBy}` }
  }
  return (runsInCi ?? !['', '0', 'false'].includes(ci))
    ? { mode: 'none', because: 'the default in CI' }
    : { mode: 'new_episodes', because: 'the default' }
}
