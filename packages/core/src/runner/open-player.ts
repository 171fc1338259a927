import type { Environment } from '../model/redaction/secret-values.ts'
import { Player } from '../player/player.ts'
import type { HeadComment } from './head-comment.ts'
import { isOwnServer } from './own-servers.ts'
import { playerOptions, type RunnerOptions } from './runner-options.ts'
import type { TestFileStart } from './test-file-session.ts'

interface PlayerStart extends TestFileStart {
  /** The environment as it was when the test file began. */
  readonly variables: Environment
  /** Whether the file has no test of that name. */
  readonly isGone: (test: string) => boolean
}

/**
 * The player of a test file's cassette, with the mode that the file's comment, the runner and the
 * options agree on.
 *
 * @throws OptionError
 */
export function openPlayer(
  path: string,
  options: RunnerOptions,
  { recordMode }: HeadComment,
  { testFile, runsInCi, updatesSnapshots, environment, variables, isGone }: PlayerStart,
): Player {
  const { ignoreOwnServers = true, recordOnUpdate } = options
  const overrules = (): { mode: RunnerOptions['recordMode']; setBy: string } | undefined => {
    if (recordMode !== undefined)
      return { mode: recordMode, setBy: `@cassette-mode in ${testFile}` }
    if (recordOnUpdate !== true || updatesSnapshots !== true) return undefined
    return { mode: 'all', setBy: 'recordOnUpdate, because snapshots are updated' }
  }
  const overruled = overrules()
  const given = playerOptions(options, path)
  const player = new Player(
    path,
    overruled?.mode === undefined ? given : { ...given, recordMode: overruled.mode },
    {
      runsInCi,
      variables,
      isGone,
      modeSetBy: overruled?.setBy,
      ...(environment === undefined ? {} : { environment }),
      isOwn: (url) => ignoreOwnServers && isOwnServer(url),
    },
  )
  return player.open()
}
