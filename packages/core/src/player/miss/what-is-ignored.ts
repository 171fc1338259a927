import type { JsonValue } from '../../model/body.ts'
import type { Matcher } from '../../model/matcher.ts'
import { parsePointer, pointersBelow } from '../../model/matchers/json-pointer.ts'

type Pointers = readonly (readonly string[])[]

/** What `jsonBody()` or `query()` was told to ignore; nothing for another matcher. */
export function ignoredBy({ name, config }: Matcher): readonly string[] {
  const [made, ...ignored] = typeof config === 'object' ? config : []
  const isBuilt = (name === 'body' && made === 'json') || (name === 'query' && made === 'ignore')
  return isBuilt ? ignored : []
}

/** How a list calls a matcher: by its name, or by the builder that made it. */
export function writtenOf({ name, config }: Matcher): string {
  if (config === 'graphql') return 'graphql()'
  const [made] = typeof config === 'object' ? config : []
  if (name === 'body' && made === 'json') return 'jsonBody()'
  if (name === 'body' && made === 'bytes') return "body('bytes')"
  return name === 'query' && made === 'ignore' ? 'query()' : `'${name}'`
}

/** JSON without what a matcher ignores, so that nobody takes it for the difference. */
export function withoutIgnored(value: JsonValue, matcher: Matcher): JsonValue {
  const pointers = ignoredBy(matcher).flatMap((text) => {
    const pointer = matcher.name === 'body' ? parsePointer(text) : undefined
    return pointer === undefined ? [] : [pointer]
  })
  return without(value, pointers)
}

function without(value: JsonValue, pointers: Pointers): JsonValue {
  if (pointers.length === 0 || typeof value !== 'object' || value === null) return value
  const isIgnored = (below: Pointers) => below.some(({ length }) => length === 0)
  if (Array.isArray(value)) {
    return value.map((item: JsonValue, at) => {
      const below = pointersBelow(pointers, String(at))
      // The items behind it keep their places.
      return isIgnored(below) ? null : without(item, below)
    })
  }
  const entries = Object.entries(value).flatMap(([key, child]): [string, JsonValue][] => {
    const below = pointersBelow(pointers, key)
    return isIgnored(below) ? [] : [[key, without(child, below)]]
  })
  return Object.fromEntries(entries)
}
