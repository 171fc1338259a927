import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { OptionError } from '../model/errors/option-error.ts'
import { runnerOptions, type RunnerOptions } from './runner-options.ts'

const names = ['cassette.config.ts', 'cassette.config.js', 'cassette.config.mjs']

/**
 * The options of `cassette.config.{ts,js,mjs}` at the root: its default export. It is the place for
 * what JSON cannot carry to a worker.
 *
 * @returns no options where there is no such file
 * @throws OptionError for a file without a default export or with wrong options
 */
export function configFileOptions(root: string): RunnerOptions {
  const file = names.map((name) => join(root, name)).find((path) => existsSync(path))
  if (file === undefined) return {}
  const module: unknown = createRequire(file)(file)
  if (typeof module !== 'object' || module === null || !('default' in module)) {
    throw new OptionError(file, module, 'a default export with the options')
  }
  return runnerOptions(module.default, file)
}

/** Gives an options object its type in `cassette.config.*`; returns it as it is. */
export function defineConfig(options: RunnerOptions): RunnerOptions {
  return options
}
