import { decodeContent } from '../../model/content-coding.ts'
import { headerValue, type HeaderList } from '../../model/header-list.ts'
import { sizeOf, type TimedBytes } from '../../model/timed-bytes.ts'
import type { HandedResponse } from '../dispatch/handed-response.ts'

/** A response as a caller of `fetch` sees it. */
export interface Fetchable {
  readonly status: number
  readonly statusText: string
  readonly headers: Headers
  /** No codings on them; `undefined` for a response without a body. */
  readonly chunks: readonly TimedBytes[] | undefined
}

// Node would go on to another URL, ask anew, or fail.
const further = new Set([301, 302, 303, 307, 308, 407, 421])
const withoutBody = new Set([204, 205, 304])
const codings = /^(?:x-)?gzip$|^deflate$|^br$/i
// What is replayed again and again is the same object.
const known = new WeakMap<HandedResponse, Fetchable | undefined>()

/**
 * What `fetch` would give of a response; `undefined` where only Node can tell.
 *
 * @param method of its request, always the same one
 */
export function fetchable(handed: HandedResponse, method: string): Fetchable | undefined {
  const before = known.get(handed)
  if (before !== undefined || known.has(handed)) return before
  const made = makeFetchable(handed, method)
  known.set(handed, made)
  return made
}

function makeFetchable(handed: HandedResponse, method: string): Fetchable | undefined {
  const { status, statusText } = handed
  if (status > 599 || further.has(status)) return undefined
  const headers = headersOf(handed.headers)
  if (method === 'HEAD' || withoutBody.has(status)) {
    return { status, statusText, headers, chunks: undefined }
  }
  // Decoded, some bytes may be nothing, and a hook may write nothing; a stream takes no empty chunk.
  const chunks = decodedChunks(handed)?.filter((chunk) => sizeOf(chunk) > 0)
  return chunks && { status, statusText, headers, chunks }
}

// Many responses of a server have the same ones.
const maxKept = 1000
const kept = new Map<string, Headers>()

/** Not to be changed: a `Response` copies them. */
function headersOf(list: HeaderList): Headers {
  const key = JSON.stringify(list)
  const before = kept.get(key)
  if (before !== undefined) return before
  const headers = new Headers(
    list.map(([name, value]): [string, string] => [name.toLowerCase(), value]),
  )
  if (kept.size === maxKept) kept.clear()
  kept.set(key, headers)
  return headers
}

// Where a coded body came in several chunks, when each could be read is a matter of its own.
function decodedChunks({ headers, chunks }: HandedResponse): readonly TimedBytes[] | undefined {
  const coding = headerValue(headers, 'content-encoding')
  const [chunk] = chunks
  if (coding === undefined || chunk === undefined) return chunks
  if (chunks.length !== 1 || !codings.test(coding)) return undefined
  const bytes = decodeContent(Buffer.from(chunk.bytes), coding)
  return bytes && [{ afterMs: 0, bytes }]
}
