import type { ActivePlayers } from './active-players.ts'

// Under this symbol every copy of Cassette in the process meets: a runner that loads the package
// again for each test file must not patch the network again.
const key = Symbol.for('@cassette/core/active-players@1')

/** The active players of this process; none as long as nobody has asked for them. */
export function presentPlayers(): ActivePlayers | undefined {
  return Reflect.get(process, key)
}

/** Makes them those of this process. */
export function presentThese(players: ActivePlayers): void {
  Reflect.set(process, key, players)
}
