// First: on an older Node this says so before jsdom can fail with a riddle.
import { withCassette } from './with-cassette.ts'
import { TestEnvironment as JsdomEnvironment } from 'jest-environment-jsdom'

/** Jest's jsdom environment, with a cassette for every test file. */
const TestEnvironment: typeof JsdomEnvironment = withCassette(JsdomEnvironment)

export { TestEnvironment }
// Jest takes the default export of `testEnvironment`.
export default TestEnvironment
