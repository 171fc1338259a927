import { Player } from './player.ts'
import type { PlayerOptions } from './player-options.ts'
import { sharedPlayers } from './shared-players.ts'

type Run<Result> = () => Result | Promise<Result>

/**
 * Plays a cassette while `run` runs: its requests, and no others, are answered from the cassette or
 * made and stored.
 *
 * @param path `.json`, `.yaml` or `.yml`: one file; anything else: a directory
 * @returns what `run` returns
 * @throws OptionError for a wrong option, no path or no function; CassettePathError where a file is
 * and a directory must be, or the reverse; what `run` throws, else what `eject` does
 * @example
 * await play('fixtures/users.yaml', async () => {
 *   const response = await fetch('https://api.example.com/users/1')
 * })
 */
export function play<Result>(path: string, run: Run<Result>): Promise<Result>
export function play<Result>(
  path: string,
  options: PlayerOptions,
  run: Run<Result>,
): Promise<Result>
export async function play<Result>(
  path: string,
  ...rest: [run: Run<Result>] | [options: PlayerOptions, run: Run<Result>]
): Promise<Result> {
  const [options, run] = rest.length === 1 ? [{}, rest[0]] : rest
  return new Player(path, options).play(run)
}

/**
 * Inserts a cassette for the whole process, on top of those that are inserted, until `eject`.
 * Reads nothing yet.
 *
 * @returns the player, to eject it by itself or to ask for its report
 * @throws OptionError for a wrong option; CassettePathError where a file is and a directory must be,
 * or the reverse; CassetteDecodeError where it cannot be told what is there
 */
export function insert(path: string, options?: PlayerOptions): Player {
  return new Player(path, options).insert()
}

/**
 * Ejects the cassette that was inserted last: waits for its recordings in flight and saves it.
 *
 * @throws Error where none is inserted; CassetteWriteError where it cannot be written;
 * SecretFoundError where a recording looks as if it held a secret, which is not written; HookError
 * where `beforeRecord` failed after its request had its response
 */
export async function eject(): Promise<void> {
  const { top } = sharedPlayers()
  if (top === undefined) throw new Error('No cassette is inserted. Call insert() first.')
  await top.eject()
}

/**
 * Runs a function whose requests go to the network past every cassette and are not recorded.
 *
 * @returns what `run` returns
 * @throws OptionError for no function; what `run` throws
 */
export function passthrough<Result>(run: () => Result): Result {
  return sharedPlayers().passthrough(run)
}
