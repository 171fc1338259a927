import { defineConfig } from 'rolldown'

// docs/decisions/0009 tells why: most of what a worker paid was the number of files.
export default defineConfig({
  input: {
    index: 'src/index.ts',
    'runner/index': 'src/runner/index.ts',
    'runner/worker': 'src/runner/worker.ts',
    'cli/main': 'src/cli/main.ts',
  },
  platform: 'node',
  // Neither a relative path nor an absolute one, with a drive on Windows.
  external: /^(?![./]|\w:)/,
  output: { cleanDir: true, sourcemap: true, chunkFileNames: 'shared/[name].js' },
})
