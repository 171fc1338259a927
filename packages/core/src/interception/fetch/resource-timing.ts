import { realElapsed } from '../../model/real-timers.ts'
import { lengthOf } from '../../model/timed-bytes.ts'
import type { HandedResponse } from '../dispatch/handed-response.ts'

const owner: object = performance
// Its declaration asks for a status, which not every Node has.
const mark: (...told: readonly unknown[]) => void = Reflect.get(owner, 'markResourceTiming')
// undici tells it from version 7 on, which is in Node 24.
const tellsStatus = Number.parseInt(process.versions['undici'] ?? '', 10) >= 7

/**
 * Begins to measure a call of `fetch`.
 *
 * @returns writes the entry of type `resource` that Node writes when a body has ended
 */
export function resourceTiming(): (url: string, response: HandedResponse) => void {
  const startTime = realElapsed()
  return (url, { status, chunks }) => {
    const size = lengthOf(chunks)
    const now = realElapsed()
    const timing = {
      startTime,
      redirectStartTime: 0,
      redirectEndTime: 0,
      postRedirectStartTime: startTime,
      finalServiceWorkerStartTime: 0,
      finalNetworkRequestStartTime: startTime,
      finalNetworkResponseStartTime: now,
      endTime: now,
      encodedBodySize: size,
      decodedBodySize: size,
      finalConnectionTimingInfo: null,
    }
    mark(timing, url, 'fetch', globalThis, '', {}, tellsStatus ? status : undefined)
  }
}
