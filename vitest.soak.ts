import { defineConfig } from 'vitest/config'

// The tests of safety with full counts; `vitest.config.ts` runs a sample of them.
export default defineConfig({
  test: {
    name: 'soak',
    root: 'packages/core',
    include: ['test/soak/*.test.ts'],
    env: { CI: '', CASSETTE_MODE: '', SOAK: 'true' },
    fileParallelism: false,
    testTimeout: 30 * 60_000,
  },
})
