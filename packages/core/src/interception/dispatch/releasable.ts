import { withMethods, type DispatchHandler } from './dispatch-handler.ts'

/** A handler that holds its response up until it is released. */
export interface Releasable {
  readonly handler: DispatchHandler
  /** Has the rest of the response come, which its client keeps for who may read it yet. */
  readonly release: () => void
}

/** The same handler, whose response can be had without anybody reading it. */
export function releasable(original: DispatchHandler): Releasable {
  let isReleased = false
  let resume: (() => void) | undefined
  const handler = withMethods(original, {
    onHeaders(status, rawHeaders, goOn, statusText) {
      resume = goOn
      return original.onHeaders?.(status, rawHeaders, goOn, statusText)
    },
    onData(chunk) {
      const answer = original.onData?.(chunk)
      return isReleased ? true : answer
    },
    onResponseStart(controller, ...head) {
      resume = () => controller.resume()
      original.onResponseStart?.(controller, ...head)
    },
    onResponseData(controller, chunk) {
      original.onResponseData?.(controller, chunk)
      if (isReleased) controller.resume()
    },
  })
  return {
    handler,
    release() {
      isReleased = true
      resume?.()
    },
  }
}
