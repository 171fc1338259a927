import type { Duplex } from 'node:stream'
import { nextTurn, startTimer, stopTimer } from '../../model/real-timers.ts'
import type { HeaderList } from '../../model/header-list.ts'
import type { Outcome, ReceivedResponse } from '../../model/interceptor.ts'
import type { Connection } from './connection.ts'
import { hasNoBody } from './has-no-body.ts'
import { pause } from './pause.ts'
import { accepted } from './websocket-accept.ts'
import { headBytes, wireHeadOf } from './wire-head.ts'
import { writeProtocol } from './write-protocol.ts'

const lastChunk = '0\r\n'
const empty = Buffer.alloc(0)
// For a timer, in milliseconds.
const longest = 2 ** 31 - 1

/** A connection from the server's side, as far as an answer in HTTP needs it. */
export type AnsweredConnection = Pick<
  Connection,
  'socket' | 'push' | 'write' | 'drained' | 'end' | 'done'
>

/** What of a request decides how its answer is written. */
export interface AnsweredRequest {
  readonly method: string
  readonly headers: HeaderList
  /** Whether the client has heard `100 Continue` already. */
  readonly hasContinued: boolean
}

/**
 * Writes what once came, in the server's place, until the client closes the connection. Begins in a
 * later turn of the event loop, as an answer over the network would: undici takes a connection for
 * free only then, and timers get their turn.
 */
export function replayOutcome(
  connection: AnsweredConnection,
  request: AnsweredRequest,
  outcome: Outcome,
  speed: number,
): void {
  nextTurn(() => {
    if (connection.socket.destroyed) return
    const whole = wholeAnswer(request, outcome, speed)
    if (whole !== undefined && connection.push(whole)) {
      finish(connection, request, outcome)
      return
    }
    void writeOutcome(connection, request, outcome, async (response) => {
      if (whole !== undefined) return connection.drained()
      await writeInformational(connection, request, response)
      await writeResponse(connection, request, response, speed, outcome.error !== undefined)
    })
  })
}

/** The same, of a response with the status 101 and what came in the protocol that it began. */
export function replayUpgrade(
  connection: Connection,
  request: AnsweredRequest,
  outcome: Outcome,
  speed: number,
): void {
  nextTurn(() => {
    if (connection.socket.destroyed) return
    void writeOutcome(connection, request, outcome, async (response) => {
      await writeInformational(connection, request, response)
      await writeUpgraded(connection, request, response, speed)
    })
  })
}

/** @param write writes the response, if there was one */
async function writeOutcome(
  connection: AnsweredConnection,
  request: AnsweredRequest,
  outcome: Outcome,
  write: (response: ReceivedResponse) => Promise<void>,
): Promise<void> {
  const { socket } = connection
  const { response, error } = outcome
  if (response !== undefined) await write(response)
  if (socket.destroyed) return
  if (error === 'no answer') holdUntilClosed(socket)
  else if (error === 'closed') connection.end()
  else if (error !== undefined) {
    // What came before is to be heard first.
    await pause(0, socket)
    socket.destroy(error)
  } else if (response?.truncated === true) {
    // A server that was left in its own protocol had nothing more to say.
    if (response.status === 101) return
    // Nobody knows what came next: time for the client to break off as it did, then an error.
    await pause(1000, socket)
    if (!socket.destroyed) socket.destroy(new Error('The recording was broken off here.'))
  } else finish(connection, request, outcome)
}

/** Keeps the process going, as a connection does: the time limits of a client do not. */
function holdUntilClosed(socket: Duplex): void {
  const hold = startTimer(() => {}, longest)
  socket.once('close', () => stopTimer(hold))
}

function finish(
  connection: AnsweredConnection,
  { method }: AnsweredRequest,
  { response }: Outcome,
): void {
  if (response !== undefined && closes(method, response)) connection.end()
  connection.done()
}

/** An answer that came in one piece; the head goes with what came along with it. */
function wholeAnswer(
  { method }: AnsweredRequest,
  { response, error }: Outcome,
  speed: number,
): Buffer | undefined {
  if (response === undefined || error !== undefined || response.status === 101) return undefined
  const { chunks, informational, trailers, truncated } = response
  if (informational !== undefined || truncated === true || chunks.length > 1) return undefined
  const [chunk] = chunks
  if (speed !== Infinity && chunk !== undefined && chunk.afterMs > 0) return undefined
  const { bytes: head, framing } = wireHeadOf(response)
  const isChunked = framing === 'chunked' && !hasNoBody(method, response)
  const body = chunk === undefined ? [] : framed(chunk.bytes, isChunked)
  return Buffer.concat([head, ...body, ...(isChunked ? [trailerBytes(trailers)] : [])])
}

async function writeUpgraded(
  connection: Connection,
  request: AnsweredRequest,
  response: ReceivedResponse,
  speed: number,
): Promise<void> {
  const headers = accepted(response.headers, request.headers)
  void connection.write(headBytes({ ...response, headers }))
  await writeProtocol(connection, response, speed)
}

async function writeInformational(
  connection: AnsweredConnection,
  { hasContinued }: AnsweredRequest,
  { informational = [] }: ReceivedResponse,
): Promise<void> {
  for (const head of informational) {
    if (head.status === 100 && hasContinued) continue
    void connection.write(headBytes(head))
    // oxlint-disable-next-line no-await-in-loop -- each has to be heard before the next
    await pause(0, connection.socket)
  }
}

/** @param isCut whether the connection failed before the end of the body */
async function writeResponse(
  connection: AnsweredConnection,
  { method }: AnsweredRequest,
  response: ReceivedResponse,
  speed: number,
  isCut: boolean,
): Promise<void> {
  const { socket } = connection
  const { chunks, truncated, trailers } = response
  const { bytes: head, framing } = wireHeadOf(response)
  const isChunked = framing === 'chunked' && !hasNoBody(method, response)
  const isWhole = !isCut && truncated !== true
  const end = isChunked && isWhole ? trailerBytes(trailers) : empty
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

function framed(bytes: Uint8Array, isChunked: boolean): Uint8Array[] {
  if (!isChunked) return [bytes]
  // It would be the last chunk (RFC 9112 7.1). None came so, but a hook may write one.
  if (bytes.length === 0) return []
  return [Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]
}

function trailerBytes(trailers: HeaderList = []): Buffer {
  const lines = trailers.map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${lastChunk}${lines.join('')}\r\n`, 'latin1')
}

/** Whether the server closes the connection after a response (RFC 9112 6.3 and 9.6). */
function closes(method: string, response: ReceivedResponse): boolean {
  if (response.status === 101) return true
  const { framing, isKeepAlive } = wireHeadOf(response)
  return !isKeepAlive || (framing === undefined && !hasNoBody(method, response))
}
