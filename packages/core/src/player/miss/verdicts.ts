import type { RecordedRequest } from '../../model/interaction.ts'
import type { Matcher } from '../../model/matcher.ts'
import { bodyDifference } from './body-difference.ts'
import { limitLines, shortened } from './limit-lines.ts'
import { keyOf } from './nearest-recordings.ts'
import { pairDifference, pairsOf } from './pair-difference.ts'
import { textDifference } from './text-difference.ts'

const mostLines = { body: 30, other: 10 }

/**
 * What each matcher says of a recording: that it agrees, or that it differs, and in what.
 *
 * @param stored safe to be told
 * @param actual safe to be told
 */
export function verdicts(
  stored: RecordedRequest,
  actual: RecordedRequest,
  matchers: readonly Matcher[],
  differs: readonly Matcher[],
): readonly string[] {
  const width = Math.max(...matchers.map(({ name }) => name.length))
  return matchers.flatMap((matcher) => {
    const verdict = `${matcher.name.padEnd(width)}  `
    if (!differs.includes(matcher)) return [`${verdict}agrees`]
    const lines = differenceFor(matcher, stored, actual).map((line) => shortened(line))
    const shown = limitLines(lines, matcher.name === 'body' ? mostLines.body : mostLines.other)
    return [`${verdict}differs`, ...shown.map((line) => ' '.repeat(width + 2) + line)]
  })
}

function differenceFor(
  matcher: Matcher,
  stored: RecordedRequest,
  actual: RecordedRequest,
): readonly string[] {
  if (matcher.name === 'body') return bodyDifference(stored, actual, matcher)
  const [ours, theirs] = [keyOf(matcher, stored), keyOf(matcher, actual)]
  // A matcher of the user's own may fail, or look at what redaction hides.
  if (ours === undefined || theirs === undefined || ours === theirs) return ['(cannot be shown)']
  const [had, has] = [pairsOf(ours), pairsOf(theirs)]
  if (had !== undefined && has !== undefined) return pairDifference(had, has)
  return textDifference(ours, theirs)
}
