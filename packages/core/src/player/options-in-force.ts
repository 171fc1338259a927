import { checkRedactOption } from '../model/redaction/redact-option.ts'
import type { Environment } from '../model/redaction/secret-values.ts'
import { encoderOfPath } from '../storage/encoders.ts'
import { checkOptions } from './check-options.ts'
import { environmentOptions } from './environment-options.ts'
import { playerOptionTypes, type PlayerOptions } from './player-options.ts'

interface OptionsInForce {
  readonly options: PlayerOptions
  /** What the environment says of the mode, not yet checked. */
  readonly environmentMode: unknown
}

/**
 * What the environment says, and else what was given.
 *
 * @param path of the cassette
 * @param variables the environment
 * @throws OptionError for an unknown option or one of a wrong type
 */
export function optionsInForce(
  given: PlayerOptions,
  path: string,
  variables: Environment,
): OptionsInForce {
  checkOptions(given, playerOptionTypes)
  checkRedactOption(given.redact)
  const ofEnvironment = environmentOptions(playerOptionTypes, variables)
  if (Object.keys(ofEnvironment).length === 0) return { options: given, environmentMode: undefined }
  const { fileFormat, ...set } = ofEnvironment
  // The extension of a path was written for this cassette, and the variable is there for all.
  const isFormatOpen = fileFormat !== undefined && encoderOfPath(path) === undefined
  const options: unknown = { ...given, ...set, ...(isFormatOpen ? { fileFormat } : {}) }
  checkOptions<PlayerOptions>(options, playerOptionTypes, 'the environment')
  return { options, environmentMode: set['recordMode'] }
}
