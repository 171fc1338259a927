import '../supported-node.ts'

// What the process of a test file needs, and nothing that only looks for what is unused.
export { cassetteApi, type CassetteApi } from './cassette-api.ts'
export { distinctNames } from './distinct-names.ts'
export { meetForeignEngines } from '../interception/foreign-engines.ts'
export { isReported } from './is-reported.ts'
export { TestFileSession, type TestFileStart } from './test-file-session.ts'
