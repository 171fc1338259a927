/** How a handler of undici steers its request: what undici documents as `Dispatcher.DispatchController`. */
export interface DispatchController {
  abort(reason?: unknown): void
  pause(): void
  resume(): void
}

/** The headers of a response by their lower-case names. */
export type ParsedHeaders = Record<string, string | string[]>

/**
 * Who hears what comes of a request of undici, global `fetch` among them. It has the methods of one
 * of two styles: those of undici 7 and later, which get a controller, or those before them.
 */
export interface DispatchHandler {
  onRequestStart?(controller: DispatchController, context: unknown): void
  onResponseStart?(
    controller: DispatchController,
    status: number,
    headers: ParsedHeaders,
    statusText: string,
  ): void
  onResponseData?(controller: DispatchController, chunk: Buffer): void
  onResponseEnd?(controller: DispatchController, trailers: ParsedHeaders): void
  onResponseError?(controller: DispatchController, error: unknown): void

  onConnect?(abort: (reason?: unknown) => void): void
  /** Returns `false` to wait for `resume`; so does `onData`. */
  onHeaders?(
    status: number,
    rawHeaders: Buffer[],
    resume: () => void,
    statusText: string,
  ): boolean | undefined
  onData?(chunk: Buffer): boolean | undefined
  onComplete?(rawTrailers: Buffer[]): void
  onError?(error: unknown): void

  onBodySent?(chunk: Uint8Array): void
  onRequestSent?(): void
  onResponseStarted?(): void
}

/** Whether it has the methods that one of the styles must have. */
export function isDispatchHandler(handler: unknown): handler is DispatchHandler {
  if (typeof handler !== 'object' || handler === null) return false
  const has = (name: keyof DispatchHandler): boolean =>
    typeof Reflect.get(handler, name) === 'function'
  if (has('onRequestStart')) return has('onResponseError')
  return (
    has('onConnect') && has('onHeaders') && has('onData') && has('onComplete') && has('onError')
  )
}

/** The same handler, with other methods in the place of some that it has. */
export function withMethods(handler: DispatchHandler, methods: DispatchHandler): DispatchHandler {
  return new Proxy(handler, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function') return value
      return Object.hasOwn(methods, key) ? Reflect.get(methods, key) : value.bind(target)
    },
  })
}
