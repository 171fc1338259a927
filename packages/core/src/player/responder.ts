import { recordBody } from '../model/body.ts'
import { cassetteName, type CassetteName } from '../model/cassette-name.ts'
import type { CassetteLibrary } from '../model/cassette-library.ts'
import { UnhandledRequestError } from '../model/errors/unhandled-request-error.ts'
import { headerValue } from '../model/header-list.ts'
import type { Interaction, RecordedRequest, RecordedResponse } from '../model/interaction.ts'
import type { Exchange, ReceivedResponse } from '../model/interceptor.ts'
import type { MatcherSet } from '../model/matcher-set.ts'
import { hasPlaceholder } from '../model/redaction/placeholders.ts'
import { Redactor } from '../model/redaction/redactor.ts'
import { storedRequest } from '../model/stored-request.ts'
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
      const { headers } = this.#options.matchers
      const named = this.#name(storedRequest(exchange, body, headers), test, attempt)
      if (isUpgrade(exchange)) this.#letUpgradeGo(exchange, named)
      else await this.#answer(exchange, named)
    } catch (error) {
      if (error instanceof Error) this.failures.push(error)
      throw error
    }
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

  // Frames over a connection that is no longer HTTP/1.1 are not recorded.
  #letUpgradeGo(exchange: Exchange, named: NamedRequest): void {
    if (this.#options.recordMode.mode === 'none') throw this.#miss(named, 'upgrade')
    exchange.passthrough()
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
    const live = this.#options.memory().live(interaction)
    exchange.respond(live ?? replayed(interaction.response, exchange.method))
  }

  async #record(exchange: Exchange, named: NamedRequest): Promise<void> {
    const { promise: isOver, resolve: end } = Promise.withResolvers<void>()
    this.#inFlight.set(named.name, isOver)
    try {
      const received = await exchange.record()
      const isWanted = named.attempt === this.#attempt(named.test)
      if (received !== undefined && isWanted) this.#keep(named, received)
    } finally {
      if (this.#inFlight.get(named.name) === isOver) this.#inFlight.delete(named.name)
      end()
    }
  }

  #keep({ name, request, test }: NamedRequest, received: ReceivedResponse): void {
    const { library, matchers, memory, recordMode, redact } = this.#options
    const { chunks, ...head } = received
    const body = recordBody(chunks, head.headers)
    const response = body === undefined ? head : { ...head, body }
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
      response: redact ? this.#redactor(test).response(response) : response,
    }
    this.#add(interaction)
    memory().remember(interaction, hides(interaction.response, response) ? received : undefined)
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

  #redactor(test: string | undefined): Redactor {
    const redactor = this.#redactors.get(test) ?? new Redactor(this.#options.memory().handedOut)
    this.#redactors.set(test, redactor)
    return redactor
  }

  #miss({ request }: NamedRequest, reason: MissReason): UnhandledRequestError {
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

function isUpgrade({ headers }: Exchange): boolean {
  return headerValue(headers, 'upgrade') !== undefined
}

/** Whether redaction took anything out of a response. */
function hides(redacted: RecordedResponse, live: RecordedResponse): boolean {
  return (
    redacted.body !== live.body ||
    redacted.headers.some(([, value], at) => value !== live.headers[at]?.[1])
  )
}
