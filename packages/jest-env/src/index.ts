import { NodeEnvironment } from './node-environment.ts'
import { withCassette } from './with-cassette.ts'

/** Jest's Node environment, with a cassette for every test file. */
const TestEnvironment: typeof NodeEnvironment = withCassette(NodeEnvironment)

export { TestEnvironment, withCassette }
// Jest takes the default export of `testEnvironment`.
export default TestEnvironment
export type { SandboxCassette } from './sandbox-globals.ts'
export type { BaseEnvironment, EnvironmentClass } from './with-cassette.ts'
export type { RunnerOptions as CassetteOptions } from '@cassette/core/runner'
