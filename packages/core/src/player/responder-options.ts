import type { CassetteLibrary } from '../model/cassette-library.ts'
import { OptionError } from '../model/errors/option-error.ts'
import type { RequestHead } from '../model/interceptor.ts'
import { matcherSet, type MatcherSet } from '../model/matcher-set.ts'
import { redactionRules, type RedactionRules } from '../model/redaction/redaction-rules.ts'
import type { Environment } from '../model/redaction/secret-values.ts'
import { openCassetteLibrary } from '../storage/open-cassette-library.ts'
import { describeRequest } from './describe-request.ts'
import { Expiry } from './expiry.ts'
import type { HookOptions } from './hooks.ts'
import { ignoredRequests, type Ignores } from './ignored-requests.ts'
import { optionsInForce } from './options-in-force.ts'
import type { PlayLog } from './play-log.ts'
import type { PlayerOptions } from './player-options.ts'
import { recordModeInForce, type RecordModeInForce } from './record-mode-in-force.ts'
import type { RunMemory } from './run-memory.ts'
import { NewRecordingScanner } from './scan/new-recording-scanner.ts'
import { onSecretOption } from './scan/on-secret.ts'
import { speedOf } from './timing.ts'

/** What a test runner knows and a user does not say. */
export interface RunnerKnowledge {
  /** Whether it takes this for a CI run; by default, what the variable `CI` says. */
  readonly runsInCi?: boolean | undefined
  /** Who set the option `recordMode`, where the options did not. */
  readonly modeSetBy?: string | undefined
  /** Whether a URL leads to a server of the test's own process, to which requests pass through. */
  readonly isOwn?: (url: string) => boolean
  /** The environment that the tests see, where it is not that of the process. */
  readonly environment?: () => Environment
  /** Whether a test of that full name is none that may run. */
  readonly isGone?: (test: string) => boolean
  /** The environment that sets options; by default, that of the process now. */
  readonly variables?: Environment | undefined
}

/** All that decides how requests are answered. */
export interface ResponderOptions {
  readonly library: CassetteLibrary
  readonly matchers: MatcherSet
  readonly recordMode: RecordModeInForce
  readonly allowPlaybackRepeats: boolean
  /** Absent where nothing is redacted. */
  readonly redaction: RedactionRules | undefined
  /** Tells a live request in messages, redacted. */
  readonly describe: (request: RequestHead) => string
  readonly recordErrors: boolean
  /** How much faster than it came a stream is replayed. */
  readonly speed: number
  readonly expiry: Expiry
  readonly hooks: HookOptions
  readonly ignores: Ignores
  /** Whether a URL leads to a server of this process. */
  readonly isOwn: (url: string) => boolean
  /** Whether a test of that full name is there no longer, as far as a runner knows. */
  readonly isGone: (test: string) => boolean
  readonly blockNetwork: boolean
  readonly recordOnFailure: boolean
  readonly log: PlayLog
  /** Asked at the first request, by when the cassette is inserted. */
  readonly memory: () => RunMemory
}

/**
 * Puts together what decides.
 *
 * @throws OptionError for an unknown option, mode, format, matcher, host or duration
 */
export function responderOptions(
  path: string,
  given: PlayerOptions,
  {
    isOwn = () => false,
    isGone = () => false,
    modeSetBy,
    runsInCi,
    environment = () => process.env,
    variables = process.env,
  }: RunnerKnowledge,
  rest: Pick<ResponderOptions, 'log' | 'memory'>,
): ResponderOptions {
  // Nothing would be the working directory.
  if (typeof path !== 'string' || path === '') {
    throw new OptionError(
      'path',
      path,
      "that of a cassette, as 'fixtures/api' or 'fixtures/api.yaml'",
    )
  }
  const { options, environmentMode } = optionsInForce(given, path, variables)
  const { allowPlaybackRepeats = true, blockNetwork = false, fileFormat, redact } = options
  const { recordErrors = false, recordMode: option, recordOnFailure = true, timing } = options
  const recordMode = recordModeInForce({
    environment: environmentMode,
    ci: variables['CI'],
    option,
    setBy: modeSetBy,
    blockNetwork,
    runsInCi,
  })
  const matchers = matcherSet(options)
  let rules: RedactionRules | undefined
  const redaction = () => (rules ??= redactionRules(redact, environment))
  const scanner = new NewRecordingScanner(onSecretOption(options.onSecret), redaction)
  const describe = (request: RequestHead) => describeRequest(request, redaction())
  return {
    library: openCassetteLibrary(path, { fileFormat, matchers, scanner }),
    matchers,
    recordMode,
    allowPlaybackRepeats,
    // Not before the first request; the option is checked.
    get redaction() {
      return redaction()
    },
    describe,
    recordErrors,
    speed: speedOf(timing ?? 'instant'),
    expiry: new Expiry(options, recordMode),
    hooks: options,
    ignores: ignoredRequests(options, describe),
    isOwn,
    isGone,
    blockNetwork,
    recordOnFailure,
    ...rest,
  }
}
