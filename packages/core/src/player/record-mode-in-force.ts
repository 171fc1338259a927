import { parseRecordMode, type RecordMode } from '../model/record-mode.ts'

/** A mode and who decided it, for messages. */
export interface RecordModeInForce {
  readonly mode: RecordMode
  /** Completes "mode none, …". */
  readonly because: string
  /** Whether this is a CI run, whatever the mode. */
  readonly isCi: boolean
}

interface ModeSources {
  /** What `CASSETTE_MODE` says. */
  readonly environment?: unknown
  /** What `CI` says. */
  readonly ci?: string | undefined
  readonly option?: RecordMode | undefined
  /** Who gave the option, for messages. */
  readonly setBy?: string | undefined
  /** The option of that name, from wherever. */
  readonly blockNetwork?: boolean | undefined
  /** What a test runner says, which knows more than the environment: `--ci`. */
  readonly runsInCi?: boolean | undefined
}

/**
 * The mode in force: `none` where the network is blocked, else `CASSETTE_MODE`, else the option, else
 * `none` in CI, else `new_episodes`.
 *
 * @throws OptionError for an unknown mode
 */
export function recordModeInForce(sources: ModeSources): RecordModeInForce {
  const isCi = sources.runsInCi ?? !['', '0', 'false'].includes(sources.ci ?? '')
  const asked = askedMode(sources)
  if (sources.blockNetwork === true) return { mode: 'none', because: 'blockNetwork is true', isCi }
  if (asked !== undefined) return { ...asked, isCi }
  return isCi
    ? { mode: 'none', because: 'the default in CI', isCi }
    : { mode: 'new_episodes', because: 'the default', isCi }
}

function askedMode({
  environment,
  option,
  setBy = 'the option recordMode',
}: ModeSources): Pick<RecordModeInForce, 'mode' | 'because'> | undefined {
  if (environment !== undefined) {
    const mode = parseRecordMode(environment, 'CASSETTE_MODE')
    return { mode, because: 'set by CASSETTE_MODE' }
  }
  if (option === undefined) return undefined
  const mode = parseRecordMode(option, 'recordMode')
  return { mode, because: `set by ${setBy}` }
}
