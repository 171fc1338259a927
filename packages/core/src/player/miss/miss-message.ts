import { inReadingOrder } from './in-reading-order.ts'
import { limitLines, shortened, withoutControl } from './limit-lines.ts'
import type { MissFacts, NearFact } from './miss-facts.ts'
import { missTexts, type ToldReason } from './miss-texts.ts'
import { verdicts } from './verdicts.ts'

const mostLines = 60
// Leaves room for a remedy and for what else comes near.
const mostLinesOfVerdicts = 42

/** Tells what was asked and why it has no answer, what to do, the cassette, and what comes nearest. */
export function missMessage(reason: ToldReason, facts: MissFacts): string {
  const { request, path, recordMode } = facts
  const { why, remedy } = missTexts[reason]
  const lines = [
    `No recording answers ${request.method} ${shortened(request.url)}: ${why(facts)}.`,
    ...remedy(facts),
    '',
    `  cassette  ${path}`,
    `  mode      ${recordMode.mode} (${recordMode.because})`,
    ...recordings(facts),
  ]
  return limitLines(lines.map(withoutControl), mostLines).join('\n')
}

function recordings({ same, sources, nearest, count, ...facts }: MissFacts): readonly string[] {
  if (same.length > 0) {
    const places = same.map(({ location, test }) =>
      test === undefined ? location : `${location}, of the test "${test}"`,
    )
    return [`  recorded  ${count}, of this request ${same.length}:`, ...indented(places, 12)]
  }
  const from = sources.map((location) => `  from      ${location}`)
  if (nearest.length === 0) return from
  return [
    ...from,
    `  recorded  ${count}, the nearest first (- stored, + actual):`,
    ...nearest.flatMap((one, at) => ['', ...recording(one, at, facts)]),
  ]
}

function recording(
  { request, location, differs }: NearFact,
  at: number,
  facts: Pick<MissFacts, 'request' | 'matchers'>,
): readonly string[] {
  const all = inReadingOrder(facts.matchers.matchers)
  const lines =
    at === 0
      ? limitLines(verdicts(request, facts.request, all, differs), mostLinesOfVerdicts)
      : [`differs in ${differs.map(({ name }) => name).join(', ')}`]
  return [
    `  ${at + 1}. ${request.method} ${shortened(request.url)}`,
    ...indented([location, ...lines], 5),
  ]
}

function indented(lines: readonly string[], by: number): readonly string[] {
  return lines.map((line) => ' '.repeat(by) + line)
}
