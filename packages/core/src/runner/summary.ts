import type { FileUsage, UsageCounts } from './file-usage.ts'
import { unusedLogName } from './unused-log.ts'

/** A line of the summary: what is told, and how it is. */
export type SummaryRow = readonly [label: string, text: string]

/**
 * The summary of a run; no rows where there is nothing to say.
 *
 * @param usages of the test files that ran
 * @param unused how many files the log lists; `undefined` where none was written
 */
export function summaryRows(
  usages: readonly FileUsage[],
  unused: number | undefined,
): readonly SummaryRow[] {
  const total = (of: Exclude<keyof UsageCounts, 'cassettes'>): number =>
    usages.reduce((sum, { counts }) => sum + (counts?.[of] ?? 0), 0)
  const [replayed, recorded] = [total('replayed'), total('recorded')]
  const [expired, misses, unredacted] = [total('expired'), total('misses'), total('unredacted')]
  const rows: SummaryRow[] = []
  if (replayed + recorded > 0) {
    const did = [
      ...(replayed > 0 ? [`${replayed} replayed`] : []),
      ...(recorded > 0 ? [`${recorded} recorded`] : []),
    ]
    rows.push(['Cassettes', `${cassettesIn(usages)} (${did.join(', ')})`])
  }
  if (unredacted > 0) {
    rows.push(['Redaction', `off: ${unredacted} recorded with secrets, not to be committed`])
  }
  if (expired > 0) rows.push(['Expired', `${expired}`])
  if (misses > 0) rows.push(['Misses', `${misses}`])
  if (unused !== undefined && unused > 0) rows.push(['Unused', `${unused} in ${unusedLogName}`])
  return rows
}

/** How many were used; test files may share one. */
function cassettesIn(usages: readonly FileUsage[]): number {
  const active = usages.filter(({ counts }) => (counts?.cassettes ?? 0) > 0)
  const whole = active.filter(({ isPerTest }) => isPerTest !== true)
  const perTest = active.filter(({ isPerTest }) => isPerTest === true)
  return (
    new Set(whole.map(({ cassette }) => cassette)).size +
    perTest.reduce((sum, { counts }) => sum + (counts?.cassettes ?? 0), 0)
  )
}
