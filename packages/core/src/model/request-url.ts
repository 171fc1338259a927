// Node's, whatever a test puts in the place of the global one.
import { URL } from 'node:url'
import type { RecordedRequest } from './interaction.ts'

let lastText = ''
let last: URL | undefined

/**
 * The URL of a request, not to be changed. All that look at one request do so one after the other,
 * so the last URL is kept: parsing it for each matcher would take a seventh of the time that a name
 * takes.
 */
export function requestUrl({ url }: Pick<RecordedRequest, 'url'>): URL {
  if (last === undefined || lastText !== url) {
    last = new URL(url)
    lastText = url
  }
  return last
}

/**
 * Keeps the URL of a request that is parsed already, and from now on not to be changed.
 *
 * @returns its text
 */
export function keepRequestUrl(url: URL): string {
  last = url
  lastText = url.href
  return lastText
}
