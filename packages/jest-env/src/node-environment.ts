import { createRequire } from 'node:module'
import type * as JestEnvironmentNode from 'jest-environment-node'

// An environment brings Jest's mocks and fake timers, so it has to be of the version that runs. This
// package's own dependency need not be: npm gives it Jest 30's beside a Jest 29.
const { cache } = createRequire(import.meta.url)
const runner = Object.keys(cache).find((path) => /[/\\]jest-runner[/\\]build[/\\]/.test(path))
const required: typeof JestEnvironmentNode = createRequire(runner ?? import.meta.url)(
  'jest-environment-node',
)

/** The Node environment of the Jest that is running. */
export const NodeEnvironment: typeof JestEnvironmentNode.TestEnvironment = required.TestEnvironment
