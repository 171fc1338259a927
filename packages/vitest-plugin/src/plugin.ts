import { fileURLToPath } from 'node:url'
import { runnerOptions, type FileUsage, type RunnerOptions } from '@cassette/core/runner'
import type { TestProject, Vite, Vitest } from 'vitest/node'
import { refuseUnserialisable } from './serialisable.ts'
import { UnusedLogReporter } from './unused-log-reporter.ts'
import { silenceWarnings } from './silence-warnings.ts'

/** What the worker needs to know; it crosses as JSON. */
interface ProvidedSettings {
  readonly options: RunnerOptions
  /** Absolute path of the test project. */
  readonly root: string
  /** Whether Vitest writes no new snapshots, as in CI; absent where it may. */
  readonly runsInCi?: true
  /** Whether Vitest updates snapshots (`-u`). */
  readonly updatesSnapshots?: true
}

declare module 'vitest' {
  interface ProvidedContext {
    '@cassette/vitest-plugin': ProvidedSettings
  }
  interface TaskMeta {
    /** What the test file did to cassettes. */
    cassette?: FileUsage
  }
}

// Vitest evaluates a file in node_modules once per worker where it does not isolate test files; a
// virtual module once per test file, in every pool. No \0: Vitest takes the id for a setup file.
const setupId = 'virtual:cassette/setup'
// Before 4.1.
const olderSetupId = 'virtual:cassette/setup-older'
// `vitest` is imported here, where it resolves to the project's own. What is ours is required: there
// is one for the process, as there is one network, where the vm pools would evaluate an import anew
// for each test file; and an import would ask Vitest's main process first.
const runtime = JSON.stringify(fileURLToPath(new URL('./runtime.js', import.meta.url)))
const startFile = `process.getBuiltinModule('node:module').createRequire(${runtime})(${runtime})
  .startFile(vitest, getCurrentSuite, globalThis)
`
const setupModules = new Map([
  [
    setupId,
    `import * as vitest from 'vitest'\nconst { getCurrentSuite } = vitest.TestRunner\n${startFile}`,
  ],
  [
    olderSetupId,
    `import * as vitest from 'vitest'\nimport { getCurrentSuite } from 'vitest/suite'\n${startFile}`,
  ],
])

const uncoveredProjects = fileURLToPath(new URL('./uncovered-projects.js', import.meta.url))

const reporters = new WeakMap<Vitest, UnusedLogReporter>()

/**
 * Records the HTTP traffic of every test file once and replays it from then on; no line in the
 * tests.
 *
 * @throws OptionError for an unknown option, or one that cannot reach the test workers
 * @example
 * import cassette from '@cassette/vitest-plugin'
 * import { defineConfig } from 'vitest/config'
 *
 * export default defineConfig({ plugins: [cassette()] })
 */
export function cassette(options: RunnerOptions = {}): Vite.Plugin {
  const checked = runnerOptions(options, 'cassette()')
  refuseUnserialisable(checked)
  return {
    name: '@cassette/vitest-plugin',
    config(config) {
      for (const warning of silenceWarnings(config)) warnOnce(warning)
      const hasProjects = config.test?.projects !== undefined
      return hasProjects ? { test: { globalSetup: [uncoveredProjects] } } : undefined
    },
    configureVitest({ vitest, project }) {
      if (project.config.browser.enabled) {
        warnOnce(
          'Tests that run in a browser are skipped, their requests go to the network: Cassette ' +
            'works in Node only.',
        )
        return
      }
      setUp(vitest, project, checked)
    },
    resolveId: (id) => (setupModules.has(id) ? id : undefined),
    load: (id) => setupModules.get(id),
  }
}

function setUp(vitest: Vitest, project: TestProject, options: RunnerOptions): void {
  const { config } = project
  const { root } = config
  const { hooks } = config.sequence
  const hasAround = hasAroundHooks(vitest)
  if (hooks !== 'stack' && !hasAround) {
    warnOnce(
      `With sequence.hooks: '${hooks}' Vitest runs what a beforeAll returns when Cassette is ` +
        'through with the file: what it requests is not recorded, and a miss in it fails no test. ' +
        "Make such requests in afterAll, set sequence.hooks: 'stack', Vitest's default, or update " +
        'to Vitest 4.1.',
    )
  }
  const { updateSnapshot } = vitest.config.snapshotOptions
  // An inherited plugin and the project's own may both come here; the later one's options win.
  project.provide('@cassette/vitest-plugin', {
    options,
    root,
    ...(updateSnapshot === 'none' ? { runsInCi: true } : {}),
    ...(updateSnapshot === 'all' ? { updatesSnapshots: true } : {}),
  })
  const setup = hasAround ? setupId : olderSetupId
  if (!config.setupFiles.includes(setup)) config.setupFiles.unshift(setup)
  // Where everything below a directory is a test file, its cassettes are not.
  config.exclude = [...config.exclude, '**/__cassettes__/**']
  const reporter = reporters.get(vitest) ?? new UnusedLogReporter(vitest)
  reporters.set(vitest, reporter)
  // Watch mode reads a changed configuration anew, for the same Vitest.
  if (!vitest.config.reporters.includes(reporter)) vitest.config.reporters.push(reporter)
  reporter.watch(project.name, { root, options })
}

function hasAroundHooks({ version }: Vitest): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 4 || (major === 4 && minor >= 1)
}

const warned = new Set<string>()

function warnOnce(message: string): void {
  if (warned.has(message)) return
  warned.add(message)
  console.warn(`[cassette] ${message}`)
}
