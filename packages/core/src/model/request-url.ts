import type { RecordedRequest } from './interaction.ts'

let lastText = ''
let last: URL | undefined

/**
 * The URL of a request, not to be changed. All matchers look at one request after the other, so the
 * last URL is kept: parsing it for each of them would take a seventh of the time that a name takes.
 */
export function requestUrl({ url }: RecordedRequest): URL {
  if (last === undefined || lastText !== url) {
    last = new URL(url)
    lastText = url
  }
  return last
}
