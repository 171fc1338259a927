import { cassetteName, type CassetteName } from '../model/cassette-name.ts'
import { UnhandledRequestError } from '../model/errors/unhandled-request-error.ts'
import { headerValue } from '../model/header-list.ts'
import type { Interaction, RecordedRequest } from '../model/interaction.ts'
import type { Exchange, Outcome, RequestHead } from '../model/interceptor.ts'
import { untilNextTurn } from '../model/real-timers.ts'
import { carriesPlaceholder } from '../model/redaction/carries-placeholder.ts'
import { Redactor } from '../model/redaction/redactor.ts'
import { storedRequest } from '../model/stored-request.ts'
import { debug } from './debug.ts'
import { redactedUrl } from './describe-request.ts'
import { askHook } from './hooks.ts'
import { InFlight } from './in-flight.ts'
import { withSecrets } from './live-outcome.ts'
import type { PlainMissReason } from './miss/miss-reason-of.ts'
import { Misses } from './miss/misses.ts'
import type { NamedRequest } from './named-request.ts'
import { passTunnel } from './pass-tunnel.ts'
import { Playback } from './playback.ts'
import { PollWatch } from './poll-watch.ts'
import { Recorder } from './recorder.ts'
import { Recordings } from './recordings.ts'
import { Replays } from './replay.ts'
import type { ResponderOptions } from './responder-options.ts'
import { warnHttp2 } from './warn-http2.ts'

/** Answers the requests of one player: replays, records, or says why it can do neither. */
export class Responder {
  readonly recordings: Recordings
  readonly #options: ResponderOptions
  readonly #playback: Playback
  readonly #recorder: Recorder
  readonly #misses: Misses
  #leave = new AbortController()
  readonly #polls = new PollWatch()
  readonly #replays = new Replays()
  readonly #redactors = new Map<string | undefined, Redactor>()
  readonly #inFlight = new InFlight()

  constructor(options: ResponderOptions) {
    this.#options = options
    this.recordings = new Recordings(options.library)
    this.#misses = new Misses(options)
    const wasRecorded = (one: Interaction) => options.memory().wasRecorded(one)
    this.#playback = new Playback(options.allowPlaybackRepeats, wasRecorded, options.isGone)
    this.#recorder = new Recorder(options, this.recordings, this.#playback, (test) =>
      this.#redactor(test),
    )
  }

  /** @param test full name of the test that made the request, where a runner told it */
  async answer(exchange: Exchange, test: string | undefined): Promise<void> {
    const { ignores, isOwn, log } = this.#options
    const attempt = this.recordings.attempt(test)
    try {
      const isOwnServer = isOwn(exchange.url)
      const because = isOwnServer ? 'it goes to a server of this process' : ignores(exchange)
      if (because !== undefined) this.#letPass(exchange, because, isOwnServer)
      else await this.#answerFromCassette(exchange, test, attempt)
    } catch (error) {
      if (error instanceof Error) log.noteFailure(error, { test, attempt })
      debug(() => `${this.#options.describe(exchange)} fails: ${String(error).split('\n', 1)[0]}`)
      throw error
    }
  }

  /** Why a connection in a protocol that cannot be recorded must not be made. */
  refuse(head: RequestHead, test: string | undefined): Error | undefined {
    const attempt = this.recordings.attempt(test)
    let refusal: Error | undefined
    try {
      refusal = this.#refusal(head, test, attempt)
    } catch (error) {
      refusal = error instanceof Error ? error : new Error(String(error))
    }
    if (refusal !== undefined) this.#options.log.noteFailure(refusal, { test, attempt })
    return refusal
  }

  /** Has clients take all of their answers; where HTTP was left, only they end what came. */
  async leave(): Promise<void> {
    // `fetch` makes its request a little later.
    await untilNextTurn()
    this.#inFlight.takeAll()
    this.#leave.abort()
    this.#leave = new AbortController()
  }

  /** Resolves once `beforeRecord` is through with what was received until now. */
  async settleHooks(): Promise<void> {
    await this.#recorder.settle()
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
    this.recordings.discard(test)
    this.rewind(test)
  }

  #letPass(exchange: Exchange, because: string, staysInside: boolean): void {
    if (!staysInside && this.#options.blockNetwork) throw this.#blocked(exchange, because)
    debug(() => `${this.#options.describe(exchange)} is passed through: ${because}`)
    exchange.passthrough()
  }

  #blocked(head: RequestHead, because: string): UnhandledRequestError {
    const { path } = this.#options.library
    const { method } = head
    const url = redactedUrl(head, this.#options.redaction)
    const message =
      `The network is blocked for ${method} ${url}: ${because}, so it would pass the cassette ` +
      `${path} and go out, but blockNetwork is true. Set blockNetwork: false, or stub it.`
    return new UnhandledRequestError({ method, url, path, reason: 'network blocked', message })
  }

  #refusal(head: RequestHead, test: string | undefined, attempt: number): Error | undefined {
    const { blockNetwork, ignores, isOwn, recordMode } = this.#options
    if (isOwn(head.url)) return undefined
    const because = ignores(head)
    if (because !== undefined) return blockNetwork ? this.#blocked(head, because) : undefined
    if (recordMode.mode !== 'none') {
      warnHttp2(head.url)
      return undefined
    }
    return this.#miss(this.#name(storedRequest(head, Buffer.alloc(0)), test, attempt), 'protocol')
  }

  async #answerFromCassette(
    exchange: Exchange,
    test: string | undefined,
    attempt: number,
  ): Promise<void> {
    const body = await exchange.body().catch(() => undefined)
    // The client broke its request off: there is nobody to answer.
    if (body === undefined) return
    const { matchers, recordMode } = this.#options
    const live = storedRequest(exchange, body, matchers.headers)
    const quick = recordMode.mode === 'none' && this.#name(live, test, attempt, 'as known')
    // What the cassette has by its name has no secret in it that the cassette does not have.
    const isKnown = quick && this.#options.library.find(quick.name).length > 0
    await this.#answer(exchange, isKnown ? quick : this.#name(live, test, attempt))
  }

  #name(
    live: RecordedRequest,
    test: string | undefined,
    attempt: number,
    variables?: 'as known',
  ): NamedRequest {
    const request = this.#redactor(test)?.request(live, variables) ?? live
    return {
      name: cassetteName(request, this.#options.matchers),
      request,
      live,
      test,
      attempt,
    }
  }

  async #answer(exchange: Exchange, named: NamedRequest): Promise<void> {
    const { allowPlaybackRepeats, memory, recordMode } = this.#options
    const find = () => (recordMode.mode === 'all' ? undefined : this.#find(named))
    let known = find()
    // Two connections in another protocol are two.
    const isUpgrade = headerValue(exchange.headers, 'upgrade') !== undefined
    let waits = allowPlaybackRepeats && recordMode.mode !== 'all' && !isUpgrade
    while (known === undefined && waits && this.#inFlight.has(named.name)) {
      this.#tell(named, 'waits for an identical request in flight')
      // oxlint-disable-next-line no-await-in-loop -- each turn waits for another request
      waits = await this.#inFlight.wait(named.name)
      known = find()
    }
    if (this.#mayRecord(named.name) && passTunnel(exchange, known, memory())) return
    if (known !== undefined && (await this.#play(exchange, named, known))) return
    const reason = this.#reasonNotToRecord(named, known)
    if (reason !== undefined) throw this.#miss(named, reason)
    await this.#record(exchange, named, known)
  }

  #find({ name, test }: NamedRequest): Interaction | undefined {
    const { expiry, library } = this.#options
    const stored = library.find(name)
    const outdated = expiry.outdated(stored)
    const good = outdated.length === 0 ? stored : stored.filter((one) => !outdated.includes(one))
    return this.#playback.next(good, name, test, this.#mayRecord(name))
  }

  #mayRecord(name: CassetteName): boolean {
    const { expiry, library, memory, recordMode } = this.#options
    if (recordMode.mode === 'none') return false
    if (recordMode.mode !== 'once' || memory().startedEmpty(library)) return true
    const stored = library.find(name)
    const isRenewed = stored.some((one) => this.recordings.made.has(one))
    return isRenewed || expiry.outdated(stored).length > 0
  }

  #reasonNotToRecord(
    { name, live }: NamedRequest,
    leftOut: Interaction | undefined,
  ): PlainMissReason | undefined {
    if (!this.#mayRecord(name)) {
      if (leftOut !== undefined) return 'left out'
      return this.#options.library.find(name).length > 0 ? 'already played' : 'never recorded'
    }
    const isHidden = this.#options.redaction !== undefined && carriesPlaceholder(live)
    return isHidden ? 'placeholder' : undefined
  }

  /** @returns whether the interaction answered, or its hook leaves it out */
  async #play(exchange: Exchange, named: NamedRequest, stored: Interaction): Promise<boolean> {
    const { hooks, library, log, memory } = this.#options
    this.#checkAge(named, stored)
    const played = await askHook('beforePlayback', hooks.beforePlayback, stored)
    if (played === undefined) {
      this.#tell(named, 'has a recording that beforePlayback left out')
      return false
    }
    this.#tell(named, () => `is replayed from ${library.fileOf(stored)}`)
    if (this.#mayRecord(stored.name)) memory().noteReplayed(stored)
    const { method } = exchange
    const live = memory().live(stored)
    const outcome = live ? withSecrets(played, live, method) : this.#replays.of(played, method)
    const certain = exchange.replay(outcome, this.#options.speed)
    // Otherwise the client goes on before the replay is counted.
    if (certain !== undefined) await certain
    this.#polls.replayed(stored, log.noteReplay(stored), library.path)
    return true
  }

  #checkAge(named: NamedRequest, stored: Interaction): void {
    const { expiry, library, log, memory } = this.#options
    if (!expiry.isExpired(stored)) return
    log.expired.add(stored)
    const message = expiry.message(stored, library.fileOf(stored))
    if (expiry.reaction === 'fail') {
      const { method, url } = named.request
      const { path } = library
      throw new UnhandledRequestError({ method, url, path, reason: 'expired', message })
    }
    if (memory().isFirstExpired()) process.emitWarning(`[cassette] ${message}`)
  }

  async #record(
    exchange: Exchange,
    named: NamedRequest,
    leftOut: Interaction | undefined,
  ): Promise<void> {
    const place = this.#recorder.reserve(named)
    this.#tell(named, 'goes to the network')
    const { end, ...signals } = this.#inFlight.begin(named.name)
    try {
      const outcome = await exchange.record({ ...signals, leave: this.#leave.signal })
      if (this.#isRecordable(outcome, named)) {
        await this.#recorder.keep(named, outcome, place.index, leftOut)
      } else this.#tell(named, 'got no whole response, and is not recorded')
    } finally {
      place.release()
      end()
    }
  }

  #isRecordable({ response, error }: Outcome, { name }: NamedRequest): boolean {
    if (error === undefined) return response !== undefined
    const { expiry, library, recordErrors } = this.#options
    // Better an answer that is too old than that the network was away when it was to be renewed.
    return recordErrors && expiry.outdated(library.find(name)).length === 0
  }

  #redactor(test: string | undefined): Redactor | undefined {
    const { memory, redaction } = this.#options
    if (redaction === undefined) return undefined
    const redactor = this.#redactors.get(test) ?? new Redactor(redaction, memory().handedOut)
    this.#redactors.set(test, redactor)
    return redactor
  }

  #miss(named: NamedRequest, reason: PlainMissReason): UnhandledRequestError {
    const isBlocked = this.#options.blockNetwork
    const notes = isBlocked ? ['blockNetwork is true: no mode records before it is false.'] : []
    return this.#misses.error(named, reason, notes)
  }

  #tell({ request }: NamedRequest, decision: string | (() => string)): void {
    const told = () => (typeof decision === 'string' ? decision : decision())
    debug(() => `${request.method} ${request.url} ${told()}`)
  }
}
