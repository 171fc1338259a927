import type { Matcher } from '../matcher.ts'
import { sortedPairs } from './sorted-pairs.ts'

/** Compares the query whatever the order of its keys; a repeated key keeps the order of its values. */
export const queryMatcher: Matcher = {
  name: 'query',
  key: ({ url }) => sortedPairs(new URL(url).search.slice(1)),
}
