import type { HeaderList } from './header-list.ts'
import type { TimedBytes } from './body.ts'

/** The head of a live request. */
export interface RequestHead {
  readonly method: string
  readonly url: string
  readonly headers: HeaderList
}

/** The head of a response. */
interface ResponseHead {
  readonly status: number
  readonly statusText: string
  readonly headers: HeaderList
}

/** A whole response as it came over the wire. */
export interface ReceivedResponse extends ResponseHead {
  readonly chunks: readonly TimedBytes[]
  /** Set where the client broke off before the end. */
  readonly truncated?: true
}

/** A live request that waits for its answer. Exactly one of the four answers is given, once. */
export interface Exchange extends RequestHead {
  /** The body's wire bytes, transfer coding taken off. */
  body(): Promise<Buffer>
  /** Answers without the network; a truncated response breaks off when nobody has for a second. */
  respond(response: ReceivedResponse): void
  /** Fails the request with this very error object. */
  fail(error: Error): void
  /** Lets the real request go. */
  passthrough(): void
  /**
   * Lets the real request go and listens.
   *
   * @returns the response once its last byte has come or the client broke it off, never before the
   * application could have it; `undefined` where the server gave none, or not the whole of it
   */
  record(): Promise<ReceivedResponse | undefined>
}

/** A request that somebody will answer, from when it is made until it is answered or dropped. */
export interface Claim {
  answer(exchange: Exchange): Promise<void>
  /** Says that the request needs no answer any more. Harmless after an answer, and twice. */
  drop(): void
}

/**
 * Called when a request is made, synchronously and in its async context: that is when it must be
 * known whose request it is. Returns `undefined` to let it go.
 */
export type RequestHandler = () => Claim | undefined

/** Takes over the network of the process. */
export interface Interceptor {
  apply(handler: RequestHandler): void
  /** Gives every function and property back as it was. */
  dispose(): void
}
