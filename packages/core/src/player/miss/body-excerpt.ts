import { bodySize, bodyText } from '../../model/body.ts'
import type { RecordedRequest } from '../../model/interaction.ts'

// Larger bodies, in characters, are not compared as a whole: that would take long.
const largestBody = 200_000
// More than is shown.
const width = 500

/**
 * Two requests with what stands around the first difference of their bodies in the place of the
 * bodies, where these are large texts.
 */
export function withBodyExcerpts(
  one: RecordedRequest,
  other: RecordedRequest,
): readonly [RecordedRequest, RecordedRequest] {
  const isLarge = [one, other].some(({ body }) => bodySize(body) > largestBody)
  const [ours, theirs] = [textOf(one), textOf(other)]
  if (!isLarge || ours === undefined || theirs === undefined) return [one, other]
  const at = firstDifference(ours, theirs)
  const cut = (request: RecordedRequest, text: string): RecordedRequest =>
    request.body === undefined
      ? request
      : { ...request, body: { text: oneLine(text.slice(Math.max(0, at - width), at + width)) } }
  return [cut(one, ours), cut(other, theirs)]
}

// The numbers that a diff gives to lines would be wrong.
function oneLine(text: string): string {
  return text.replaceAll('\n', String.raw`\n`)
}

/** Where two texts stop being equal. */
export function firstDifference(one: string, other: string): number {
  let at = 0
  while (at < one.length && one[at] === other[at]) at += 1
  return at
}

function textOf({ body }: RecordedRequest): string | undefined {
  return body === undefined ? '' : bodyText(body)
}
