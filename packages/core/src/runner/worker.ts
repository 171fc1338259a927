import '../supported-node.ts'
import { createRequire } from 'node:module'
import { loadLate } from '../load-late.ts'
import { provideHeavyHalf } from './use-heavy-half.ts'

// What the process of a test file needs before its first request, and nothing that only looks for
// what is unused. The heavy half is loaded from inside the request, which cannot wait.
provideHeavyHalf(() => loadLate(() => createRequire(import.meta.url)('#heavy-half')))

export { cassetteApi, type CassetteApi } from './cassette-api.ts'
export { distinctNames } from './distinct-names.ts'
export { meetForeignEngines } from '../interception/engine/foreign-engines.ts'
export { isReported } from './is-reported.ts'
export { TestFileSession, type TestFileStart } from './test-file-session.ts'
