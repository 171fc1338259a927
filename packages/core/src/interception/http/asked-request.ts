import type { ClientRequest } from 'node:http'
import { headerValue, type HeaderList } from '../../model/header-list.ts'
import type { RequestHead } from '../../model/interceptor.ts'
import { originOf, urlOfTarget } from '../wire/origin-of.ts'
import { framingOf, MessageReader } from '../wire/message-reader.ts'
import type { Peer } from './plain-peer.ts'

/** A request that is made, and whole. */
export interface AskedRequest extends RequestHead {
  readonly body: Buffer
}

// A larger body is not worth to be copied before it is known whether there is an answer.
const maxBodySize = 1024 * 1024

/**
 * Reads what a request would write, which has no socket yet.
 *
 * @returns `undefined` where it is not all there, or is to begin something else
 */
export function askedRequest(
  request: ClientRequest,
  { host, port, isEncrypted }: Peer,
): AskedRequest | undefined {
  if (!request.writableEnded || request.destroyed || request.method === 'CONNECT') return undefined
  const written: unknown = Reflect.get(request, 'outputData')
  if (!Array.isArray(written) || request.writableLength > maxBodySize) return undefined
  const said = messageOf(written)
  if (said === undefined || isSpecial(said.headers)) return undefined
  const [method = '', target = ''] = said.startLine.split(' ')
  const origin = originOf({ host, port }, isEncrypted)
  return { ...said, method: method.toUpperCase(), url: urlOfTarget(target, origin) }
}

interface Said {
  readonly startLine: string
  readonly headers: HeaderList
  readonly body: Buffer
}

/** The one whole message in what was written. */
function messageOf(written: readonly { data: string | Uint8Array; encoding?: BufferEncoding }[]) {
  const said: Said[] = []
  let head: Omit<Said, 'body'> | undefined
  const chunks: Buffer[] = []
  const reader = new MessageReader({
    onHead(startLine, headers) {
      head = { startLine, headers }
      return framingOf(headers) ?? 0
    },
    onBody: (bytes) => chunks.push(bytes),
    onEnd() {
      if (head !== undefined) said.push({ ...head, body: Buffer.concat(chunks) })
    },
  })
  try {
    for (const { data, encoding } of written) {
      reader.read(typeof data === 'string' ? Buffer.from(data, encoding) : Buffer.from(data))
    }
  } catch {
    return undefined
  }
  return said.length === 1 && reader.end() ? said[0] : undefined
}

function isSpecial(headers: HeaderList): boolean {
  return (
    headerValue(headers, 'upgrade') !== undefined || headerValue(headers, 'expect') !== undefined
  )
}
