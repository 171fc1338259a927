import { createRequire } from 'node:module'
import type * as diffModule from 'diff'
import { loadLate } from '../../load-late.ts'
import { firstDifference } from './body-excerpt.ts'

const require = createRequire(import.meta.url)
let loaded: typeof diffModule | undefined

// Of more lines, added and removed, a diff takes long, and nobody reads it.
const largestEdit = 500
const longestLine = 120
const shownBefore = 40

/** A unified diff of two texts: the stored with `-`, the actual with `+`. */
export function textDifference(stored: string, actual: string): readonly string[] {
  if (!stored.includes('\n') && !actual.includes('\n')) return changedLine(stored, actual)
  loaded ??= loadLate(load)
  // A diff says so of each text that ends without a line end; where both do, it is of no interest.
  const end = stored.endsWith('\n') || actual.endsWith('\n') ? '' : '\n'
  const options = { context: 3, maxEditLength: largestEdit }
  const patch = loaded.structuredPatch('', '', stored + end, actual + end, '', '', options)
  if (patch === undefined) return excerpts(stored, actual)
  return patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines.map((line, at) => line[0] + around(line, counterpart(lines, at), 1)),
  ])
}

function load(): typeof diffModule {
  const diff: typeof diffModule = require('diff')
  return diff
}

/** Two lines, cut to what stands around their first difference. */
export function changedLine(stored: string, actual: string): readonly string[] {
  return [`- ${around(stored, actual, 0)}`, `+ ${around(actual, stored, 0)}`]
}

function excerpts(stored: string, actual: string): readonly string[] {
  const start = Math.max(0, firstDifference(stored, actual) - shownBefore)
  const [ours, theirs] = [stored, actual].map((text) => text.slice(start, start + longestLine))
  return ['(too much for a diff; the first difference:)', `- ${ours}`, `+ ${theirs}`]
}

/** The line of the other side that stands where this one does, in a run of changed lines. */
function counterpart(lines: readonly string[], at: number): string {
  const sign = lines[at]?.[0]
  if (sign === ' ') return lines[at] ?? ''
  const startsAt = (wanted: string, from: number): number => {
    let start = from
    while (lines[start - 1]?.[0] === wanted) start -= 1
    return start
  }
  const own = startsAt(sign ?? '', at)
  if (sign === '+') return lines[startsAt('-', own) + (at - own)] ?? ''
  let added = own
  while (lines[added]?.[0] === '-') added += 1
  return lines[added + (at - own)] ?? ''
}

/** A long line cut to what stands around its first difference from another. */
function around(line: string, other: string, from: number): string {
  const text = line.slice(from)
  const theirs = other.slice(from)
  const start =
    text.length <= longestLine ? 0 : Math.max(0, firstDifference(text, theirs) - shownBefore)
  const end = start + longestLine
  const shown = text.slice(start, end)
  const told = looksLike(text, theirs) ? escaped(shown) : shown
  return `${start > 0 ? '…' : ''}${told}${end < text.length ? '…' : ''}`
}

/** Whether nobody would see in what two texts differ: an accent, a space or what has no width. */
function looksLike(one: string, other: string): boolean {
  return one !== other && visible(one) === visible(other)
}

function visible(text: string): string {
  return text.normalize('NFKC').replaceAll(/\p{Cf}/gu, '')
}

function escaped(text: string): string {
  return text.replaceAll(
    /[^\t -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
