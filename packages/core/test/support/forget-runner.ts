import { afterAll } from 'vitest'
import { sharedPlayers } from '../../src/player/shared-players.ts'

// A runner serves its process to the end; here test files of all kinds follow each other in one.
afterAll(() => {
  sharedPlayers().runner = undefined
})
