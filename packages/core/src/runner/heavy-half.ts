// What a test file needs from its first request on, and not before; see use-heavy-half.ts.
export { eject, insert, passthrough, play } from '../player/play.ts'
export { sharedPlayers } from '../player/shared-players.ts'
export { lateClaim } from './late-claim.ts'
export { openPlayer } from './open-player.ts'
