import { configFileOptions } from './config-file.ts'
import { runnerOptionsInForce, type RunnerOptions } from './runner-options.ts'

/**
 * The options in force in a project.
 *
 * @param root absolute path of the project
 * @param given by the runner's configuration, checked
 * @throws OptionError
 */
export function optionsInForce(root: string, given: RunnerOptions): RunnerOptions {
  return runnerOptionsInForce(configFileOptions(root), given)
}
