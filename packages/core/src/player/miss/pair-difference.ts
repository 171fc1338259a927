import { isDeepStrictEqual } from 'node:util'
import { changedLine } from './text-difference.ts'

/** A name with its value, or without one. */
export type Pair = readonly [name: string, value?: string]

/**
 * The pairs that the key of a matcher for the query or for headers stands for.
 *
 * @returns `undefined` for the key of another matcher
 */
export function pairsOf(key: string): readonly Pair[] | undefined {
  if (key === '') return []
  try {
    const value: unknown = JSON.parse(key)
    return Array.isArray(value) && value.every(isPair) ? value : undefined
  } catch {
    return undefined
  }
}

/** The pairs that only one side has: the stored with `-`, the actual with `+`, by name. */
export function pairDifference(
  stored: readonly Pair[],
  actual: readonly Pair[],
): readonly string[] {
  const names = [...new Set([...stored, ...actual].map(([name]) => name))]
  return names.flatMap((name) => {
    const had = shown(stored, name)
    const has = shown(actual, name)
    if (isDeepStrictEqual(had, has)) return []
    if (had.length === 1 && has.length === 1) return changedLine(had[0]!, has[0]!)
    return [...had.map((line) => `- ${line}`), ...has.map((line) => `+ ${line}`)]
  })
}

function shown(pairs: readonly Pair[], wanted: string): readonly string[] {
  return pairs
    .filter(([name]) => name === wanted)
    .map(([name, value]) => (value === undefined ? name : `${name}: ${value}`))
}

function isPair(value: unknown): value is Pair {
  return (
    Array.isArray(value) &&
    (value.length === 1 || value.length === 2) &&
    value.every((part) => typeof part === 'string')
  )
}
