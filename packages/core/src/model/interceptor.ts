import type { HeaderList } from './header-list.ts'
import type { TimedBytes } from './body.ts'

/** The head of a live request. */
export interface RequestHead {
  readonly method: string
  readonly url: string
  readonly headers: HeaderList
}

/** The head of a response. */
export interface ResponseHead {
  readonly status: number
  readonly statusText: string
  readonly headers: HeaderList
}

/** A whole response as it came over the wire. */
export interface ReceivedResponse extends ResponseHead {
  readonly chunks: readonly TimedBytes[]
}

/** A live request that waits for its answer. Exactly one of the four answers is given, once. */
export interface Exchange extends RequestHead {
  /** The body's wire bytes, transfer coding taken off. */
  body(): Promise<Buffer>
  /** Answers without the network. */
  respond(head: ResponseHead, chunks: readonly TimedBytes[]): void
  /** Fails the request with this very error object. */
  fail(error: Error): void
  /** Lets the real request go. */
  passthrough(): void
  /**
   * Lets the real request go and listens.
   *
   * @returns the response once its last byte has come, never before the application could have it;
   * `undefined` where no whole response came
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
