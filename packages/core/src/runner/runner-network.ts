import { AsyncLocalStorage } from 'node:async_hooks'
import { setTrap } from '../interception/trap.ts'
import type { Claim } from '../model/interceptor.ts'
import type { ActivePlayer } from '../player/active-players.ts'
import { presentPlayers } from '../player/present-players.ts'
import type { TestFileSession } from './test-file-session.ts'
import type { TestScope } from './test-scope.ts'
import { heavyHalf } from './use-heavy-half.ts'

const scopes = new AsyncLocalStorage<TestScope | undefined>()
let open: TestFileSession | undefined
/** Who is asked where no session is open. */
let last: TestFileSession | undefined
let isTaken = false

/** The test or file whose async context this is, where a runner entered one. */
export function inForce(): TestScope | undefined {
  return scopes.getStore()
}

/** Makes what is called from here on, in this async context, part of a test or a file. */
export function enter(scope: TestScope | undefined): void {
  scopes.enterWith(scope)
}

/** Runs a function as a part of a test or a file. */
export function within<Result>(scope: TestScope, run: () => Result): Result {
  return scopes.run(scope, run)
}

/** The session that was started last and is not finished yet. */
export function openSession(): TestFileSession | undefined {
  return open
}

/**
 * Lets a session answer the requests of this process, for the rest of its life. Nothing heavy is
 * loaded before the first of them.
 *
 * @param hasOwnContext whether requests that belong to no context are not a test's
 * @returns once the session that was open before is finished
 */
export function replace(session: TestFileSession, hasOwnContext: boolean): Promise<void> {
  const players = presentPlayers()
  if (!isTaken && players === undefined) setTrap(takeOver)
  else if (!isTaken) takeOver()
  isTaken = true
  const leftover = open
  open = session
  last = hasOwnContext ? undefined : session
  if (players !== undefined) players.runner = claim
  players?.forgetUsedFiles()
  return leftover === undefined ? Promise.resolve() : finishLeftover(leftover)
}

/** Ends a session, with what its file inserted by hand. */
export async function finish(session: TestFileSession): Promise<void> {
  await ejectAll(session, open === session ? takeInserted() : [])
  if (open === session) open = undefined
}

async function finishLeftover(leftover: TestFileSession): Promise<void> {
  try {
    await ejectAll(leftover, takeInserted())
  } catch (error) {
    process.emitWarning(`[cassette] ${leftover.cassette}: ${String(error)}`)
  }
}

async function ejectAll(
  session: TestFileSession,
  inserted: readonly ActivePlayer[],
): Promise<void> {
  try {
    await Promise.all([session.eject(), ...inserted.map(async (player) => player.eject())])
  } finally {
    await presentPlayers()?.renewConnections()
  }
}

function takeOver(): void {
  const players = heavyHalf().sharedPlayers()
  players.hold()
  players.runner = claim
}

function takeInserted(): readonly ActivePlayer[] {
  return presentPlayers()?.takeInserted() ?? []
}

function claim(isLate?: () => boolean): Claim | undefined {
  const scope = scopes.getStore()
  return (scope?.session ?? open ?? last)?.claim(scope, isLate)
}
