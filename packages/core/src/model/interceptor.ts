import type { HeaderList } from './header-list.ts'
import type { TimedBytes } from './timed-bytes.ts'

/** The head of a live request. */
export interface RequestHead {
  readonly method: string
  readonly url: string
  readonly headers: HeaderList
}

/** The head of a response. */
export interface ResponseHead {
  /** Set where the server answered in HTTP/1.0; else it was 1.1. */
  readonly httpVersion?: '1.0'
  readonly status: number
  readonly statusText: string
  readonly headers: HeaderList
}

/** A response as it came over the wire, as far as it came. */
export interface ReceivedResponse extends ResponseHead {
  /** The responses with a status of 1xx that came before it (RFC 9110 15.2). */
  readonly informational?: readonly ResponseHead[]
  /** Of the body, transfer coding taken off; after a 101, what the server sent in its protocol. */
  readonly chunks: readonly TimedBytes[]
  /** The fields after a chunked body (RFC 9110 6.5). */
  readonly trailers?: HeaderList
  /** Set where the client broke off before the end. */
  readonly truncated?: true
}

/**
 * Why no whole response came: the server closed the connection, the client did before anything
 * came, or the error of the connection.
 */
export type ConnectionFailure = 'closed' | 'no answer' | Error

/** What came of a live request: a response, a failure, or a response that a failure cut off. */
export interface Outcome {
  readonly response?: ReceivedResponse
  readonly error?: ConnectionFailure
}

/** What fires while an answer comes that is recorded. */
export interface RecordSignals {
  /** Called with its head. */
  readonly begun: () => void
  /** Where all of it is wanted: its client is to take it in, read or not. */
  readonly wanted: AbortSignal
  /** Where what came over a connection that has left HTTP is taken for all. */
  readonly leave: AbortSignal
}

/** A live request that waits for its answer. Exactly one of the four answers is given, once. */
export interface Exchange extends RequestHead {
  /** The body's wire bytes, transfer coding taken off. Rejects where the client breaks it off. */
  body(): Promise<Buffer>
  /**
   * Answers without the network, as it was then: 1xx, trailers, a cut or a failure included. A
   * truncated response breaks off when nobody has for a second.
   *
   * @param outcome not to be changed: others may get the same one. The bytes must not reach an
   * application, which may change them, without a copy
   * @param speed how much faster than it came: 1 keeps the pauses between chunks, `Infinity` none
   * @returns resolves once the client is sure to get it, where it is not at once
   */
  replay(outcome: Outcome, speed: number): Promise<void> | void
  /** Fails the request with this very error object. */
  fail(error: Error): void
  /** Lets the real request go. */
  passthrough(): void
  /**
   * Lets the real request go and listens.
   *
   * @returns what came, once its last byte has or the connection is gone, never before the
   * application could have it; empty where that could not be understood
   */
  record(signals: RecordSignals): Promise<Outcome>
}

/** A request that somebody will answer, from when it is made until it is answered or dropped. */
export interface Claim {
  answer(exchange: Exchange): Promise<void>
  /**
   * Answers, instead of `answer`, for a connection in a protocol that cannot be recorded.
   *
   * @returns why it must not be made; `undefined` lets it go
   */
  refuse(head: RequestHead): Error | undefined
  /** Says that the request needs no answer any more. Harmless after an answer, and twice. */
  drop(): void
}

/**
 * Called when a request is made, synchronously and in its async context: that is when it must be
 * known whose request it is. Returns `undefined` to let it go.
 *
 * @param isLate says whether the client was asked for it before, perhaps in another async context;
 * called only where that matters
 */
export type RequestHandler = (isLate?: () => boolean) => Claim | undefined

/** Takes over the network of the process. */
export interface Interceptor {
  apply(handler: RequestHandler): void
  /** Gives every function and property back as it was. */
  dispose(): void
  /**
   * Closes the idle connections of clients that make requests in the async context which a
   * connection was opened in. Resolves once they are gone.
   */
  renew(): Promise<void>
}
