import { runnerOptions, type RunnerOptions } from '@cassette/core/runner'

/**
 * What a Jest configuration says of Cassette.
 *
 * @throws OptionError
 */
export function givenOptions(testEnvironmentOptions: Record<string, unknown>): RunnerOptions {
  const source =
    'testEnvironmentOptions.cassette (only JSON reaches every Jest worker; put anything else into cassette.config.ts)'
  return runnerOptions(testEnvironmentOptions['cassette'], source)
}
