import { existsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

const packages = ['core', 'jest-env', 'vitest-plugin'].map((name) => ({
  test: {
    name,
    root: `packages/${name}`,
    include: ['test/**/*.test.ts'],
    setupFiles: existsSync(`packages/${name}/test/support/setup.ts`)
      ? ['test/support/setup.ts']
      : [],
    testTimeout: 15_000,
  },
}))

// These start whole Jest and Vitest runs as child processes.
const hosts = {
  test: {
    name: 'hosts',
    include: ['fixtures/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
}

export default defineConfig({
  test: {
    projects: [...packages, hosts],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**'],
      reporter: ['text-summary', 'html', 'lcov'],
    },
  },
})
