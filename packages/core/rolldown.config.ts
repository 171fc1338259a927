import { defineConfig } from 'rolldown'

// docs/decisions/0012 tells why: most of what a worker paid was the number of files.
export default defineConfig({
  input: {
    index: 'src/index.ts',
    'runner/index': 'src/runner/index.ts',
    'runner/worker': 'src/runner/worker.ts',
    'runner/heavy-half': 'src/runner/heavy-half.ts',
    'cli/main': 'src/cli/main.ts',
  },
  platform: 'node',
  // Neither a relative path nor an absolute one, with a drive on Windows.
  external: /^(?![./]|\w:)/,
  // `load-late.ts` imports it for when it does so.
  treeshake: { moduleSideEffects: [{ test: /^node:fs\/promises$/, sideEffects: true }] },
  output: {
    cleanDir: true,
    sourcemap: true,
    // They are in `src`, which the source maps lead to.
    comments: false,
    chunkFileNames: 'shared/[name].js',
    // All that a test file without a request loads, with what it imports, in one file.
    codeSplitting: {
      groups: [
        {
          name: 'test-file',
          test: /[/\\]runner[/\\](test-file-session|cassette-api|distinct-names|is-reported)\.ts$|supported-node/,
        },
      ],
    },
  },
})
