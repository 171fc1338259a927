import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { types } from 'node:util'
import { OptionError } from '../model/errors/option-error.ts'
import { runnerOptions, type RunnerOptions } from './runner-options.ts'

const names = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map((end) => `cassette.config.${end}`)

/**
 * The options of `cassette.config.{ts,js,mjs}` at the root, or in the nearest directory above it as
 * far as the repository goes, so that one file serves all packages of a workspace: its default
 * export, or what a CommonJS file exports. It is the place for what JSON cannot carry to a worker.
 *
 * @returns no options where there is no such file
 * @throws OptionError for a file without a default export or with wrong options; Error for one that
 * cannot be loaded
 */
export function configFileOptions(root: string): RunnerOptions {
  const file = nearest(root)
  if (file === undefined) return {}
  const options = defaultExport(file)
  if (options !== undefined) return runnerOptions(options, file)
  throw new OptionError(file, options, 'a default export with the options')
}

/** Gives an options object its type in `cassette.config.*`; returns it as it is. */
export function defineConfig(options: RunnerOptions): RunnerOptions {
  return options
}

function nearest(directory: string): string | undefined {
  const file = names.map((name) => join(directory, name)).find((path) => existsSync(path))
  const above = dirname(directory)
  if (file !== undefined || above === directory) return file
  return existsSync(join(directory, '.git')) ? undefined : nearest(above)
}

function defaultExport(file: string): unknown {
  const loaded = load(file)
  if (typeof loaded !== 'object' || loaded === null) return loaded
  if ('default' in loaded) return loaded.default
  return types.isModuleNamespaceObject(loaded) ? undefined : loaded
}

function load(file: string): unknown {
  try {
    return createRequire(file)(file)
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause)
    // `"type": "commonjs"`, which npm init writes.
    const why = /^(Cannot use import statement outside|Unexpected token 'export')/.test(problem)
      ? 'it is an ES module in a package of CommonJS. ' +
        `Name it ${basename(file).replace(/([jt]s)$/, 'm$1')}, or write CommonJS.`
      : `${problem}. Node loads it as it is: TypeScript without what has to be compiled (enums, ` +
        'namespaces), ES modules without a top-level await.'
    throw new Error(`Cannot load ${file}: ${why}`, { cause })
  }
}
