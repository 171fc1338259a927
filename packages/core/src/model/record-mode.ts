import { OptionError } from './errors/option-error.ts'

/** When the network may be used. The words are those of VCR and vcrpy. */
export type RecordMode = 'once' | 'new_episodes' | 'none' | 'all'

export const recordModes: readonly RecordMode[] = ['new_episodes', 'once', 'none', 'all']

/**
 * Reads a mode.
 *
 * @param source where the value comes from, for the message: `CASSETTE_MODE`, `recordMode`
 * @throws OptionError that lists the valid modes
 */
export function parseRecordMode(value: unknown, source: string): RecordMode {
  const mode = recordModes.find((candidate) => candidate === value)
  if (mode !== undefined) return mode
  throw new OptionError(source, value, `one of ${recordModes.join(', ')}`)
}
