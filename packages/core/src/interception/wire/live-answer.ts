import type { Duplex } from 'node:stream'
import type { ConnectionFailure, Outcome, RecordSignals } from '../../model/interceptor.ts'
import { onAbort } from '../../model/on-abort.ts'
import { receiveOutcome, type AnsweringConnection } from './receive-outcome.ts'
import { UpgradedClient } from './upgraded-client.ts'

/** The client of a request. */
export interface LiveClient {
  /** Whether it wants no answer any more. */
  readonly hasLeft: () => boolean
  /** Has it take all of the answer that there is, and keep what nobody has read. */
  readonly release: () => void
}

/**
 * Listens to the answer to a plain request that a client sends over a connection of its own, which
 * nobody stands in.
 *
 * @returns what `Exchange.record` does
 */
export async function receiveLive(
  socket: Duplex,
  method: string,
  { hasLeft, release }: LiveClient,
  signals: RecordSignals,
): Promise<Outcome> {
  // In the bytes of the socket. undici puts back what it has read and cannot use yet.
  let heardTo = positionOf(socket)
  const connection: AnsweringConnection = {
    socket,
    real: socket,
    failure(error) {
      if (hasLeft()) return 'no answer'
      // What a client's own check of the certificate says need not have a code.
      return Reflect.get(socket, 'secureConnecting') === true ? error : failureOf(error)
    },
    fresh(bytes) {
      const from = heardTo
      heardTo = Math.max(from, positionOf(socket))
      return bytes.subarray(Math.max(0, bytes.length - (heardTo - from)))
    },
    // The request has not asked for it, so that the client goes.
    leaveHttp: () => new UpgradedClient(false),
  }
  // A client that reads no more holds its server up.
  const stop = onAbort(signals.wanted, release)
  const outcome = await receiveOutcome(connection, method, signals)
  stop()
  return outcome
}

/** How many bytes of a socket have been read. */
function positionOf(socket: Duplex): number {
  return Number(Reflect.get(socket, 'bytesRead')) - socket.readableLength
}

/** What an error of a client's socket tells of the connection: a client may have ended it with one. */
export function failureOf(error: unknown): ConnectionFailure {
  const code: unknown = Reflect.get(Object(error), 'code')
  const isOfConnection = typeof code === 'string' && !/^(?:UND_ERR|HPE)_/.test(code)
  return error instanceof Error && isOfConnection ? error : 'no answer'
}
