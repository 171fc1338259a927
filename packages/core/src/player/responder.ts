import { isDeepStrictEqual } from 'node:util'
import { recordBody } from '../model/body.ts'
import { cassetteName, type CassetteName } from '../model/cassette-name.ts'
import type { CassetteLibrary } from '../model/cassette-library.ts'
import { UnhandledRequestError } from '../model/errors/unhandled-request-error.ts'
import type { Interaction, RecordedRequest, RecordedResponse } from '../model/interaction.ts'
import type { Exchange, Outcome, ReceivedResponse, RequestHead } from '../model/interceptor.ts'
import type { MatcherSet } from '../model/matcher-set.ts'
import { hasPlaceholder } from '../model/redaction/placeholders.ts'
import { Redactor } from '../model/redaction/redactor.ts'
import { storedRequest } from '../model/stored-request.ts'
import { recordFailure } from '../model/recorded-error.ts'
import { missMessage, type MissReason } from './miss-message.ts'
import { Playback } from './playback.ts'
import type { RecordModeInForce } from './record-mode-in-force.ts'
import { replayed } from './replay.ts'
import type { RunMemory } from './run-memory.ts'

export interface ResponderOptions {
  readonly library: CassetteLibrary
  readonly matchers: MatcherSet
  readonly recordMode: RecordModeInForce
  readonly allowPlaybackRepeats: boolean
  readonly redact: boolean
  readonly recordErrors: boolean
  /** How much faster than it came a stream is replayed. */
  readonly speed: number
  /** Which requests pass through, by their URL. */
  readonly ignores: (url: string) => boolean
  /** Asked at the first request, by when the cassette is inserted. */
  readonly memory: () => RunMemory
}

/** A live request, named. */
interface NamedRequest {
  readonly name: CassetteName
  /** Redacted. */
  readonly request: RecordedRequest
  /** As it came, with its secrets. */
  readonly live: RecordedRequest
  readonly test: string | undefined
  /** Which attempt at the test it belongs to. */
  readonly attempt: number
}

/** Answers the requests of one player: replays, records, or says why it can do neither. */
export class Responder {
  /** Recorded since the responder was made. */
  readonly recorded: Set<Interaction> = new Set()
  readonly replayed: Set<Interaction> = new Set()
  /** Why requests failed that the cassette had to answer, in order. */
  readonly failures: Error[] = []
  readonly #options: ResponderOptions
  readonly #playback: Playback
  readonly #redactors = new Map<string | undefined, Redactor>()
  readonly #attempts = new Map<string | undefined, number>()
  readonly #leave = new AbortController()
  readonly #inFlight = new Map<CassetteName, Promise<void>>()

  constructor(options: ResponderOptions) {
    this.#options = options
    this.#playback = new Playback(options.allowPlaybackRepeats, (interaction) =>
      options.memory().wasRecorded(interaction),
    )
  }

  /** @param test full name of the test that made the request, where a runner told it */
  async answer(exchange: Exchange, test: string | undefined): Promise<void> {
    if (this.#options.ignores(exchange.url)) return exchange.passthrough()
    const attempt = this.#attempt(test)
    const body = await exchange.body().catch(() => undefined)
    // The client broke its request off: there is nobody to answer.
    if (body === undefined) return
    try {
      await this.#answer(exchange, this.#name(storedRequest(exchange, body), test, attempt))
    } catch (error) {
      if (error instanceof Error) this.failures.push(error)
      throw error
    }
  }

  /** Why a connection in a protocol that cannot be recorded must not be made. */
  refuse(head: RequestHead): Error | undefined {
    if (this.#options.recordMode.mode !== 'none' || this.#options.ignores(head.url))
      return undefined
    const refusal = this.#miss({ request: head }, 'protocol')
    this.failures.push(refusal)
    return refusal
  }

  /** Takes for all what came over connections that have left HTTP: nothing ends those but a client. */
  leave(): void {
    this.#leave.abort()
  }

  /** Makes everything playable again, or what one test played. */
  rewind(test?: string): void {
    this.#playback.rewind(test)
    if (test === undefined) this.#redactors.clear()
    else this.#redactors.delete(test)
  }

  /**
   * Takes back what a test recorded and played in an attempt that failed: its next one starts anew.
   */
  forgetAttempt(test: string): void {
    for (const interaction of this.recorded) {
      if (interaction.test !== test) continue
      this.recorded.delete(interaction)
      this.#options.library.remove(interaction)
    }
    this.#attempts.set(test, this.#attempt(test) + 1)
    this.rewind(test)
  }

  #attempt(test: string | undefined): number {
    return this.#attempts.get(test) ?? 0
  }

  #name(live: RecordedRequest, test: string | undefined, attempt: number): NamedRequest {
    const request = this.#options.redact ? this.#redactor(test).request(live) : live
    return {
      name: cassetteName(request, this.#options.matchers),
      request,
      live,
      test,
      attempt,
    }
  }

  async #answer(exchange: Exchange, named: NamedRequest): Promise<void> {
    const { allowPlaybackRepeats, recordMode } = this.#options
    for (;;) {
      const known = recordMode.mode === 'all' ? undefined : this.#find(named)
      if (known !== undefined) return this.#replay(exchange, known)
      const first = this.#inFlight.get(named.name)
      if (first === undefined || !allowPlaybackRepeats || recordMode.mode === 'all') break
      // oxlint-disable-next-line no-await-in-loop -- each turn waits for another request
      await first
    }
    const reason = this.#reasonNotToRecord(named)
    if (reason !== undefined) throw this.#miss(named, reason)
    await this.#record(exchange, named)
  }

  #find({ name, test }: NamedRequest): Interaction | undefined {
    return this.#playback.next(this.#options.library.find(name), name, test, this.#mayRecord())
  }

  #mayRecord(): boolean {
    const { library, memory, recordMode } = this.#options
    return recordMode.mode === 'once' ? memory().startedEmpty(library) : recordMode.mode !== 'none'
  }

  #reasonNotToRecord({ name, live }: NamedRequest): MissReason | undefined {
    if (!this.#mayRecord()) {
      return this.#options.library.find(name).length > 0 ? 'already played' : 'not recorded'
    }
    const isHidden = this.#options.redact && hasPlaceholder(JSON.stringify(live))
    return isHidden ? 'placeholder' : undefined
  }

  #replay(exchange: Exchange, interaction: Interaction): void {
    this.replayed.add(interaction)
    const { memory, speed } = this.#options
    const live = memory().live(interaction)
    exchange.replay(live ?? replayed(interaction, exchange.method), speed)
  }

  async #record(exchange: Exchange, named: NamedRequest): Promise<void> {
    const { promise: isOver, resolve: end } = Promise.withResolvers<void>()
    this.#inFlight.set(named.name, isOver)
    try {
      const outcome = await exchange.record(this.#leave.signal)
      const isWanted = named.attempt === this.#attempt(named.test)
      if (isWanted && this.#isRecordable(outcome)) this.#keep(named, outcome)
    } finally {
      if (this.#inFlight.get(named.name) === isOver) this.#inFlight.delete(named.name)
      end()
    }
  }

  #isRecordable({ response, error }: Outcome): boolean {
    return error === undefined ? response !== undefined : this.#options.recordErrors
  }

  #keep({ name, request, test }: NamedRequest, outcome: Outcome): void {
    const { library, matchers, memory, recordMode } = this.#options
    const response = outcome.response && recorded(outcome.response)
    const stored = response && this.#redacted(response, test)
    const { error } = outcome
    if (recordMode.mode === 'all') this.#forgetOld(name, test)
    this.#keepBorrowed(name, test)
    const own = library.find(name).filter((other) => other.test === test)
    const index = Math.max(-1, ...own.map((other) => other.index ?? 0)) + 1
    const interaction: Interaction = {
      name,
      matchOn: matchers.fingerprint,
      recordedAt: new Date().toISOString(),
      ...(test === undefined ? {} : { test }),
      ...(index === 0 ? {} : { index }),
      request,
      ...(stored === undefined ? {} : { response: stored }),
      ...(error === undefined ? {} : { error: recordFailure(error) }),
    }
    this.#add(interaction)
    memory().remember(interaction, hides(stored, response) ? outcome : undefined)
    this.#playback.recorded(interaction)
  }

  #add(interaction: Interaction): void {
    this.#options.library.add(interaction)
    this.recorded.add(interaction)
  }

  // In mode `all` a test's recordings of a name replace its old ones as a whole.
  #forgetOld(name: CassetteName, test: string | undefined): void {
    for (const interaction of this.#options.library.find(name)) {
      const isOld = interaction.test === test && !this.recorded.has(interaction)
      if (isOld) this.#options.library.remove(interaction)
    }
  }

  // A test that goes on where borrowed answers ended needs them at the head of its own sequence.
  #keepBorrowed(name: CassetteName, test: string | undefined): void {
    for (const [index, borrowed] of this.#playback.takeBorrowed(name, test).entries()) {
      const { test: _test, index: _index, ...rest } = borrowed
      this.#add({
        ...rest,
        ...(test === undefined ? {} : { test }),
        ...(index === 0 ? {} : { index }),
      })
    }
  }

  #redacted(response: RecordedResponse, test: string | undefined): RecordedResponse {
    return this.#options.redact ? this.#redactor(test).response(response) : response
  }

  #redactor(test: string | undefined): Redactor {
    const redactor = this.#redactors.get(test) ?? new Redactor(this.#options.memory().handedOut)
    this.#redactors.set(test, redactor)
    return redactor
  }

  #miss({ request }: Pick<NamedRequest, 'request'>, reason: MissReason): UnhandledRequestError {
    const { library, matchers, recordMode } = this.#options
    const message = missMessage({ request, reason, library, matchers, recordMode })
    return new UnhandledRequestError({
      method: request.method,
      url: request.url,
      path: library.path,
      message,
    })
  }
}

function recorded({ chunks, ...head }: ReceivedResponse): RecordedResponse {
  const body = recordBody(chunks, head.headers)
  return body === undefined ? head : { ...head, body }
}

/** Whether redaction took anything out of a response. */
function hides(
  redacted: RecordedResponse | undefined,
  live: RecordedResponse | undefined,
): boolean {
  return !isDeepStrictEqual(redacted, live)
}
