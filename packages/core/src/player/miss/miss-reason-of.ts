import type { MissReason } from '../../model/miss-reason.ts'
import type { MissFacts } from './miss-facts.ts'
import type { ToldReason } from './miss-texts.ts'

/** What a player knows of why a request has no answer, before anybody looks at the recordings. */
export type PlainMissReason = Extract<
  MissReason,
  'never recorded' | 'already played' | 'left out' | 'placeholder' | 'protocol'
>

// The parts of an origin (RFC 6454): a server that moved differs in nothing else.
const originParts = new Set(['scheme', 'host', 'port'])

/** Why a request has no answer, as closely as the recordings tell. */
export function missReasonOf(reason: PlainMissReason, facts: MissFacts): ToldReason {
  const { same, test, nearest, exists, ignoring } = facts
  if (reason === 'already played') {
    return same.some((one) => one.test === test) ? reason : 'recorded by another test'
  }
  if (reason !== 'never recorded') return reason
  const [first] = nearest
  if (!exists) return 'no cassette'
  if (first === undefined) return 'empty cassette'
  if (ignoring.size > 0) return 'generated fields'
  return first.differs.every(({ name }) => originParts.has(name)) ? 'recorded elsewhere' : reason
}
