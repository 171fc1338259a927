import { URL } from 'node:url'
import { isLocalhost } from '../../model/localhost.ts'
import type { MissReason } from '../../model/miss-reason.ts'
import type { MissFacts } from './miss-facts.ts'
import { matchOnWith } from './match-on.ts'

/** A reason that a player can have. */
export type ToldReason = Exclude<MissReason, 'no player' | 'expired' | 'network blocked'>

/** Completes the sentence "No recording answers …", and tells what to do about it. */
interface MissText {
  readonly why: (facts: MissFacts) => string
  readonly remedy: (facts: MissFacts) => readonly string[]
}

/** The text of each reason a player can have. */
export const missTexts: Readonly<Record<ToldReason, MissText>> = {
  'no cassette': {
    why: () => 'there is no cassette yet',
    remedy: (facts) => [...recordIt(facts), ...letItPass(facts)],
  },
  'empty cassette': {
    why: () => 'the cassette is empty',
    remedy: (facts) => [...recordIt(facts), ...letItPass(facts)],
  },
  'never recorded': {
    why: () => 'it was never recorded',
    remedy: (facts) => [...recordIt(facts), ...letItPass(facts)],
  },
  'recorded elsewhere': {
    why: ({ nearest }) => `it was recorded at ${new URL(nearest[0]!.request.url).origin}`,
    remedy: (facts) => {
      const parts = facts.nearest[0]!.differs.map(({ name }) => name)
      return [
        `If nothing but the ${parts.join(' and the ')} changed, compare the rest alone:`,
        '',
        `  ${matchOnWith(facts.matchers, new Map(parts.map((part) => [part, undefined])))}`,
        '',
        ...recordIt(facts),
        ...letItPass(facts),
      ]
    },
  },
  'generated fields': {
    why: () => 'it differs from a recording in fields that look made anew in each run',
    remedy: (facts) => [
      'If they do not matter, leave them out of the comparison:',
      '',
      `  ${matchOnWith(facts.matchers, facts.ignoring)}`,
      '',
      ...recordIt(facts),
    ],
  },
  'already played': {
    why: ({ same, test }) =>
      `every recording of it has been played (${same.filter((one) => one.test === test).length}), ` +
      'and allowPlaybackRepeats is false',
    remedy: () => ['Record the longer sequence with CASSETTE_MODE=all, or allow repeats.'],
  },
  'recorded by another test': {
    why: () =>
      'only other tests recorded it, what they lend has been played, and allowPlaybackRepeats is false',
    remedy: () => ['Record what this test needs with CASSETTE_MODE=all, or allow repeats.'],
  },
  placeholder: {
    why: () =>
      'it carries a placeholder that redaction left in a recorded answer, so it was not sent',
    remedy: ({ path }) => [
      `Record again what this test builds on: CASSETTE_MODE=all, or delete ${path}.`,
    ],
  },
  'left out': {
    why: () => 'beforePlayback returned null for its recording',
    remedy: (facts) => ['Return the interaction from the hook.', ...recordIt(facts)],
  },
  protocol: {
    why: () => 'it is HTTP/2, which Cassette does not record',
    remedy: () => [
      'Make the connection in passthrough(), stub it, or let the client use HTTP/1.1.',
    ],
  },
}

function recordIt({ recordMode: { mode, because } }: MissFacts): readonly string[] {
  const isCi = /\bCI\b/.test(because)
  const none = isCi ? 'In CI nothing is recorded.' : `Mode none (${because}) records nothing.`
  return [
    mode === 'once' ? '`once` adds nothing to a cassette that existed before this run.' : none,
    'Run with CASSETTE_MODE=new_episodes where the network may be used, and commit the recording.',
  ]
}

function letItPass({ request }: MissFacts): readonly string[] {
  return isLocalhost(new URL(request.url).hostname)
    ? ['If it is for a server that the tests start, let it pass: ignoreLocalhost: true']
    : []
}
