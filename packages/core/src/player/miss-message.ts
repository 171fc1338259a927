import type { CassetteLibrary } from '../model/cassette-library.ts'
import type { Interaction, RecordedRequest } from '../model/interaction.ts'
import type { MatcherSet } from '../model/matcher-set.ts'
import type { RecordModeInForce } from './record-mode-in-force.ts'

/** Why a request has no answer. */
export type MissReason = 'not recorded' | 'already played' | 'placeholder' | 'protocol'

export interface MissContext {
  /** Redacted. */
  readonly request: RecordedRequest
  readonly reason: MissReason
  readonly library: CassetteLibrary
  readonly matchers: MatcherSet
  readonly recordMode: RecordModeInForce
}

const why: Readonly<Record<MissReason, string>> = {
  'not recorded': 'it was never recorded',
  'already played': 'every recording of it has been played and allowPlaybackRepeats is false',
  protocol: 'it is HTTP/2, which Cassette does not record',
  placeholder:
    'it carries a placeholder that redaction left in a recorded answer, so it was not sent',
}

/** Tells what was asked, of which cassette, what comes nearest, and what to do. */
export function missMessage(context: MissContext): string {
  const { request, reason, library, recordMode } = context
  return [
    `No recording answers ${request.method} ${request.url}: ${why[reason]}.`,
    '',
    `  cassette  ${library.path}`,
    `  mode      ${recordMode.mode} (${recordMode.because})`,
    ...nearest(context),
    '',
    remedy(context),
  ].join('\n')
}

function remedy({ reason, recordMode, library }: MissContext): string {
  if (reason === 'already played') {
    return 'Record the longer sequence with CASSETTE_MODE=all, or allow repeats.'
  }
  if (reason === 'placeholder') {
    return `Record again what this test builds on: CASSETTE_MODE=all, or delete ${library.path}.`
  }
  if (reason === 'protocol') {
    return 'Make the connection in passthrough(), stub it, or let the client use HTTP/1.1.'
  }
  const isOnce = recordMode.mode === 'once'
  const existed = 'The cassette existed before this run, and `once` adds nothing to it. '
  return `${isOnce ? existed : ''}Run with CASSETTE_MODE=new_episodes where the network may be used, and commit the recording.`
}

function nearest({ request, library, matchers: { matchers } }: MissContext): string[] {
  const stored = library.interactions()
  if (stored.length === 0) return ['  recorded  nothing']
  const wanted = new Map(matchers.map((matcher) => [matcher.name, matcher.key(request)]))
  const differing = (interaction: Interaction): string[] =>
    matchers
      .filter((matcher) => matcher.key(interaction.request) !== wanted.get(matcher.name))
      .map(({ name }) => name)
  const ranked = stored
    .map((interaction) => ({ interaction, differs: differing(interaction) }))
    .toSorted((one, other) => one.differs.length - other.differs.length)
  const { interaction, differs } = ranked[0]!
  const { method, url } = interaction.request
  return [
    `  recorded  ${stored.length}, the nearest:`,
    `            ${method} ${url}`,
    `            ${library.locate(interaction)}`,
    `            ${differs.length === 0 ? 'agrees in everything' : `differs in ${differs.join(', ')}`}`,
  ]
}
