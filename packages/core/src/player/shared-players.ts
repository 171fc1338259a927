import { NockInterceptor } from '../interception/nock-interceptor.ts'
import { ActivePlayers } from './active-players.ts'

// Under this symbol every copy of Cassette in the process meets: a runner that loads the package
// again for each test file must not patch the network again.
const key = Symbol.for('@cassette/core/active-players@1')

/** The active players of this process. */
export function sharedPlayers(): ActivePlayers {
  const shared = process as { [key]?: ActivePlayers }
  shared[key] ??= new ActivePlayers(new NockInterceptor())
  return shared[key]
}
