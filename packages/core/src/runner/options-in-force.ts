import { configFileOptions } from './config-file.ts'
import { environmentOptions } from './environment-options.ts'
import { runnerOptions, runnerOptionTypes, type RunnerOptions } from './runner-options.ts'

/**
 * The options of a project: those of the environment before those that were given, and these
 * before `cassette.config.*`. The head comment of a file may still overrule some.
 *
 * @param root absolute path of the project
 * @param given by the runner's configuration, checked
 * @throws OptionError
 */
export function optionsInForce(root: string, given: RunnerOptions): RunnerOptions {
  const environment = environmentOptions(runnerOptionTypes)
  return {
    ...configFileOptions(root),
    ...given,
    ...runnerOptions(environment, 'the environment'),
  }
}
