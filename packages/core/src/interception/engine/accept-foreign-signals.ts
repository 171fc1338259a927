import { transferableAbortController } from 'node:util'

const tolerants = new WeakSet<object>()

type RequestClass = new (input: unknown, init?: RequestInit) => object

/**
 * Lets a class of the engine take abort signals that are not Node's. The engine makes them with the
 * global AbortController, which is jsdom's in Vitest 3, and then Node's Request refuses them.
 */
export function acceptForeignSignals(request: RequestClass): void {
  const { AbortSignal: Native } = nativeClasses()
  const base: RequestClass = Object.getPrototypeOf(request)
  if (tolerants.has(base)) return
  const tolerant = new Proxy(base, {
    construct(target, [input, init]: [unknown, RequestInit | undefined], newTarget) {
      const { signal } = init ?? {}
      const isNative = signal === undefined || signal === null || signal instanceof Native
      const own = isNative ? init : { ...init, signal: follow(signal) }
      return Reflect.construct(target, [input, own], newTarget)
    },
  })
  tolerants.add(tolerant)
  Object.setPrototypeOf(request, tolerant)
}

/** Node's own, whatever stands on the global. */
function nativeClasses(): { AbortSignal: typeof AbortSignal } {
  const { signal } = transferableAbortController()
  return { AbortSignal: Object.getPrototypeOf(signal).constructor }
}

function follow(signal: AbortSignal): AbortSignal {
  const controller = transferableAbortController()
  const abort = (): void => controller.abort(signal.reason)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  return controller.signal
}
