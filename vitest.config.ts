import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { runsAllHosts } from './fixtures/host-versions.ts'

// The suite itself may run in CI, where the default mode is another one.
const env = { CI: '', CASSETTE_MODE: '' }

export default defineConfig({
  test: {
    // Vitest would leave a core free; most of these wait for timers and for processes of their own.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        test: {
          name: 'core',
          root: 'packages/core',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{interception,clients}/**'],
          env,
          testTimeout: 60_000,
          // A process of its own for each file would cost a third of the time.
          isolate: false,
          setupFiles: [join(import.meta.dirname, 'packages/core/test/support/forget-runner.ts')],
        },
      },
      {
        test: {
          // These see what a whole process has: its sockets, its globals, who else listens.
          name: 'clients',
          root: 'packages/core',
          include: ['test/{interception,clients}/**/*.test.ts'],
          env,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          // These start whole Jest and Vitest runs as child processes.
          name: 'hosts',
          include: ['fixtures/*.test.ts'],
          // Whole files that only `pnpm test:hosts` has the time for.
          exclude: runsAllHosts ? [] : ['fixtures/*.hosts.test.ts'],
          // The machine may be busy.
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**'],
      reporter: ['text-summary', 'html', 'lcov'],
    },
  },
})
