import { defineConfig } from 'vitest/config'

// The tests of safety and of the log with full counts; `vitest.config.ts` runs a sample of them.
export default defineConfig({
  test: {
    name: 'soak',
    include: ['packages/core/test/soak/*.test.ts', 'fixtures/log-stress.test.ts'],
    env: { CI: '', CASSETTE_MODE: '', SOAK: 'true' },
    fileParallelism: false,
    testTimeout: 30 * 60_000,
  },
})
