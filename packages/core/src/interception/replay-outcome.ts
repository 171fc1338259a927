import { headerValue, type HeaderList } from '../model/header-list.ts'
import type { Outcome, ReceivedResponse, ResponseHead } from '../model/interceptor.ts'
import type { TimedBytes } from '../model/body.ts'
import type { Connection } from './connection.ts'
import { framingOf } from './message-reader.ts'
import { pause } from './pause.ts'
import { acceptKey } from './websocket-accept.ts'

const lastChunk = '0\r\n'
const empty = Buffer.alloc(0)

/** What of a request decides how its answer is written. */
export interface AnsweredRequest {
  readonly method: string
  readonly headers: HeaderList
  /** Whether the client has heard `100 Continue` already. */
  readonly hasContinued: boolean
}

/** Writes what once came, in the server's place, until the client closes the connection. */
export async function replayOutcome(
  connection: Connection,
  request: AnsweredRequest,
  { response, error }: Outcome,
  speed: number,
): Promise<void> {
  const { socket } = connection
  if (response !== undefined) await writeResponse(connection, request, response, speed)
  if (socket.destroyed || error === 'no answer') return
  if (response?.truncated === true && response.status !== 101) {
    // Nobody knows what came next: time for the client to break off as it did, then an error.
    await pause(1000, socket)
    if (!socket.destroyed) socket.destroy(new Error('The recording was broken off here.'))
  } else if (error === 'closed') {
    connection.end()
  } else if (error !== undefined) {
    // What came before is to be heard first.
    await pause(0, socket)
    socket.destroy(error)
  } else {
    if (response !== undefined && closes(request.method, response)) connection.end()
    connection.done()
  }
}

async function writeResponse(
  connection: Connection,
  request: AnsweredRequest,
  response: ReceivedResponse,
  speed: number,
): Promise<void> {
  const { socket } = connection
  for (const informational of response.informational ?? []) {
    if (informational.status === 100 && request.hasContinued) continue
    void connection.write(headBytes(informational))
    // oxlint-disable-next-line no-await-in-loop -- each has to be heard before the next
    await pause(0, socket)
  }
  const head = headBytes(response.status === 101 ? accepted(response, request) : response)
  const { chunks } = response
  const isChunked =
    framingOf(response.headers) === 'chunked' && !hasNoBody(request.method, response)
  const end = isChunked && response.truncated !== true ? trailerBytes(response.trailers) : empty
  if (response.status === 101) {
    void connection.write(head)
    connection.leaveHttp()
    return writeProtocol(connection, chunks, speed)
  }
  // The head goes with what came along with it, which is what makes short answers quick.
  const isOne = chunks.length < 2 && (speed === Infinity || (chunks[0]?.afterMs ?? 0) === 0)
  const isCut = response.truncated === true
  if (isOne && !isCut) {
    const body = chunks[0] === undefined ? [] : framed(chunks[0].bytes, isChunked)
    await connection.write(Buffer.concat([head, ...body, end]))
    return
  }
  await connection.write(head)
  let elapsed = 0
  for (const { afterMs, bytes } of chunks) {
    // Clients join what comes in one turn, and would see one chunk where there were several.
    // oxlint-disable-next-line no-await-in-loop -- chunks come one after the other
    await pause((afterMs - elapsed) / speed, socket)
    if (socket.destroyed) return
    elapsed = afterMs
    // oxlint-disable-next-line no-await-in-loop -- not faster than the client reads
    await connection.write(Buffer.concat(framed(bytes, isChunked)))
  }
  if (end.length > 0) await connection.write(end)
}

/** Sends what a server said in its own protocol, each part not before the client has said its own. */
async function writeProtocol(
  connection: Connection,
  chunks: readonly TimedBytes[],
  speed: number,
): Promise<void> {
  const { socket } = connection
  let elapsed = 0
  for (const { afterMs, afterSent = 0, bytes } of chunks) {
    while (connection.bytesAfterUpgrade < afterSent && !socket.destroyed) {
      // oxlint-disable-next-line no-await-in-loop -- what is waited for is the client
      await connection.heard()
    }
    // oxlint-disable-next-line no-await-in-loop -- chunks come one after the other
    await pause((afterMs - elapsed) / speed, socket)
    if (socket.destroyed) return
    elapsed = afterMs
    // oxlint-disable-next-line no-await-in-loop -- not faster than the client reads
    await connection.write(bytes)
  }
}

function headBytes({ httpVersion, status, statusText, headers }: ResponseHead): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(
    `HTTP/${httpVersion ?? '1.1'} ${status} ${statusText}\r\n${lines.join('')}\r\n`,
    'latin1',
  )
}

function framed(bytes: Uint8Array, isChunked: boolean): Uint8Array[] {
  if (!isChunked) return [bytes]
  return [Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]
}

function trailerBytes(trailers: HeaderList = []): Buffer {
  const lines = trailers.map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${lastChunk}${lines.join('')}\r\n`, 'latin1')
}

function hasNoBody(method: string, { status }: ResponseHead): boolean {
  return method === 'HEAD' || status === 204 || status === 304
}

/** Whether the server closes the connection after a response (RFC 9112 6.3 and 9.6). */
function closes(method: string, response: ReceivedResponse): boolean {
  if (response.status === 101) return response.truncated !== true
  const connection = headerValue(response.headers, 'connection')?.toLowerCase()
  if (connection === 'close') return true
  if (response.httpVersion === '1.0' && connection !== 'keep-alive') return true
  return !hasNoBody(method, response) && framingOf(response.headers) === undefined
}

/** A client of WebSocket checks that the server has read this very key (RFC 6455 4.2.2). */
function accepted(response: ReceivedResponse, { headers }: AnsweredRequest): ReceivedResponse {
  const key = headerValue(headers, 'sec-websocket-key')
  if (key === undefined) return response
  return {
    ...response,
    headers: response.headers.map(([name, value]) => [
      name,
      name.toLowerCase() === 'sec-websocket-accept' ? acceptKey(key) : value,
    ]),
  }
}
