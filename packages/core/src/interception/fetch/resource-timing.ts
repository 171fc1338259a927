import type { HandedResponse } from '../dispatch/handed-response.ts'

/**
 * Begins to measure a call of `fetch`.
 *
 * @returns writes the entry of type `resource` that Node writes when a body has ended
 */
export function resourceTiming(): (url: string, response: HandedResponse) => void {
  const startTime = performance.now()
  return (url, { status, chunks }) => {
    const size = chunks.reduce((sum, chunk) => sum + (chunk.size ?? chunk.bytes.length), 0)
    const now = performance.now()
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
    performance.markResourceTiming(timing, url, 'fetch', globalThis, '', {}, status)
  }
}
