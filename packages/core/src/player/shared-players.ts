import { NockInterceptor } from '../interception/nock-interceptor.ts'
import { springTrap } from '../interception/trap.ts'
import { ActivePlayers } from './active-players.ts'
import { presentPlayers, presentThese } from './present-players.ts'

/** The active players of this process. */
export function sharedPlayers(): ActivePlayers {
  const present = presentPlayers()
  if (present !== undefined) return present
  const players = new ActivePlayers(new NockInterceptor())
  presentThese(players)
  // A test runner that is there already holds the network first, and for good.
  springTrap()
  return players
}
