import { bodyText, type JsonValue } from '../../model/body.ts'
import { isJson, mediaType } from '../../model/header-list.ts'
import type { RecordedRequest } from '../../model/interaction.ts'
import type { Matcher } from '../../model/matcher.ts'
import { areGenerated, generatedPointers } from './generated-fields.ts'
import { pairsOf } from './pair-difference.ts'
import { sortedPairs } from '../../model/matchers/sorted-pairs.ts'

// More differences than these are data.
const most = 12

/**
 * The matchers that would take two requests for the same, as code by the name of the matcher each
 * replaces, where all that tells them apart looks generated: ids, times, nonces. Else none.
 */
export function ignoringMatchers(
  stored: RecordedRequest,
  actual: RecordedRequest,
  differs: readonly Matcher[],
): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const { name } of differs) {
    const fields = ignorable(name, stored, actual)
    if (fields === undefined || fields.length === 0 || fields.length > most) return new Map()
    const builder = name === 'query' ? 'query' : 'jsonBody'
    found.set(name, `${builder}({ ignore: [${fields.map(quoted).join(', ')}] })`)
  }
  return found
}

function ignorable(
  name: string,
  stored: RecordedRequest,
  actual: RecordedRequest,
): readonly string[] | undefined {
  if (name === 'query') return generatedParameters(stored, actual)
  if (name !== 'body' && name !== 'jsonBody') return undefined
  const [ours, theirs] = [jsonOf(stored), jsonOf(actual)]
  return ours && theirs && generatedPointers(ours.value, theirs.value)
}

function generatedParameters(
  stored: RecordedRequest,
  actual: RecordedRequest,
): readonly string[] | undefined {
  const [ours, theirs] = [stored, actual].map(
    ({ url }) => pairsOf(sortedPairs(new URL(url).search.slice(1))) ?? [],
  )
  if (ours?.length !== theirs?.length) return undefined
  const differing = ours!.filter(([name, value], at) => {
    const [otherName, other] = theirs![at]!
    return name !== otherName || value !== other
  })
  const isGenerated = ours!.every(([name, value], at) => {
    const [otherName, other] = theirs![at]!
    return name === otherName && (value === other || areGenerated(name, value, other))
  })
  return isGenerated ? [...new Set(differing.map(([name]) => name))] : undefined
}

function jsonOf({ headers, body }: RecordedRequest): { value: JsonValue } | undefined {
  const text = bodyText(body)
  if (text === undefined || !isJson(mediaType(headers))) return undefined
  try {
    const value: JsonValue = JSON.parse(text)
    return { value }
  } catch {
    return undefined
  }
}

function quoted(field: string): string {
  return `'${field.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`
}
