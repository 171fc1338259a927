import { types } from 'node:util'

const depth = 3

/** The shape of a value for messages: what may be a secret itself is an ellipsis. */
export function withoutScalars(value: unknown, levels: number = depth): unknown {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return '…'
  if (typeof value !== 'object' || value === null || types.isRegExp(value)) return value
  if (types.isPromise(value)) return 'a promise'
  if (levels === 0) return '…'
  if (Array.isArray(value)) return value.map((item) => withoutScalars(item, levels - 1))
  const entries = Object.entries(value)
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutScalars(item, levels - 1)]))
}
