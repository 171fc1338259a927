import { NockInterceptor } from '../interception/nock-interceptor.ts'
import { ActivePlayers } from './active-players.ts'

// Under this symbol every copy of Cassette in the process meets: a runner that loads the package
// again for each test file must not patch the network again.
const key = Symbol.for('@cassette/core/active-players@1')

/** The active players of this process. */
export function sharedPlayers(): ActivePlayers {
  const shared: ActivePlayers | undefined = Reflect.get(process, key)
  if (shared !== undefined) return shared
  const players = new ActivePlayers(new NockInterceptor())
  Reflect.set(process, key, players)
  return players
}
