import type { ReceivedResponse } from '../../model/interceptor.ts'
import { decodeFrame, encodeFrame, isWebSocket, opcodes } from '../../model/websocket-frame.ts'
import type { Connection } from './connection.ts'
import { pause } from './pause.ts'

/** Sends what a server said in its own protocol, each part not before the client has said its own. */
export async function writeProtocol(
  connection: Connection,
  { headers, chunks, truncated }: ReceivedResponse,
  speed: number,
): Promise<void> {
  const { socket } = connection
  const client = connection.leaveHttp(isWebSocket(headers))
  let elapsed = 0
  for (const { afterMs, afterSent = 0, bytes } of chunks) {
    while (client.sent < afterSent && !client.hasEnded && !socket.destroyed) {
      // oxlint-disable-next-line no-await-in-loop -- what is waited for is the client
      await connection.heard()
    }
    // oxlint-disable-next-line no-await-in-loop -- chunks come one after the other
    await pause((afterMs - elapsed) / speed, socket)
    if (socket.destroyed) return
    elapsed = afterMs
    // oxlint-disable-next-line no-await-in-loop -- not faster than the client reads
    if (bytes.length > 0) await connection.write(bytes)
  }
  if (!client.isWebSocket || truncated !== true) return
  // The recording has no answer to a close, and a client may wait long for one (RFC 6455 7.1.1).
  // oxlint-disable-next-line no-await-in-loop -- what is waited for is the client
  while (!client.hasEnded && !socket.destroyed) await connection.heard()
  if (socket.destroyed) return
  const last = Buffer.from(chunks.at(-1)?.bytes ?? [])
  const hasClosed = decodeFrame(last).opcode === opcodes.close
  if (client.close !== undefined && !hasClosed) {
    await connection.write(encodeFrame(opcodes.close, client.close))
  }
  connection.end()
}
