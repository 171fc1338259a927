import type { Duplex } from 'node:stream'
import { startTimer, stopTimer, untilNextTurn } from '../../model/real-timers.ts'

/**
 * Waits, but not longer than a socket is open.
 *
 * @param ms 0 lets the event loop turn once
 */
export async function pause(ms: number, socket: Duplex): Promise<void> {
  if (ms <= 0) return untilNextTurn()
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = startTimer(resolve, ms)
  socket.once('close', resolve)
  await promise
  stopTimer(timer)
  socket.removeListener('close', resolve)
}
