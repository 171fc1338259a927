import { TestEnvironment as JsdomEnvironment } from 'jest-environment-jsdom'
import { withCassette } from './with-cassette.ts'

/** Jest's jsdom environment, with a cassette for every test file. */
const TestEnvironment: typeof JsdomEnvironment = withCassette(JsdomEnvironment)

export { TestEnvironment }
// Jest takes the default export of `testEnvironment`.
export default TestEnvironment
