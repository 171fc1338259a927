import type { CassetteName } from '../model/cassette-name.ts'
import type { Interaction, RecordedResponse } from '../model/interaction.ts'
import type { Outcome } from '../model/interceptor.ts'
import { recordFailure } from '../model/recorded-error.ts'
import type { Redactor } from '../model/redaction/redactor.ts'
import { debug } from './debug.ts'
import { askHook, checkRedacted } from './hooks.ts'
import type { LiveOutcome } from './live-outcome.ts'
import type { NamedRequest } from './named-request.ts'
import { PendingWork } from './pending-work.ts'
import type { Playback } from './playback.ts'
import { hides, recordedInteraction, recordedResponse } from './recorded-interaction.ts'
import type { Placing, Recordings } from './recordings.ts'
import type { ResponderOptions } from './responder-options.ts'

type Options = Pick<
  ResponderOptions,
  'expiry' | 'hooks' | 'library' | 'log' | 'matchers' | 'memory' | 'recordMode' | 'redaction'
>

/** Makes interactions of received responses and puts them into the cassette. */
export class Recorder {
  readonly #options: Options
  readonly #recordings: Recordings
  readonly #playback: Playback
  readonly #redactor: (test: string | undefined) => Redactor | undefined
  readonly #asked = new PendingWork()
  #lastKept: Promise<unknown> = Promise.resolve()

  /** @param redactor of a test; none where nothing is redacted */
  constructor(
    options: Options,
    recordings: Recordings,
    playback: Playback,
    redactor: (test: string | undefined) => Redactor | undefined,
  ) {
    this.#options = options
    this.#recordings = recordings
    this.#playback = playback
    this.#redactor = redactor
  }

  /** Takes the next place in the sequence of a request that goes to the network, until released. */
  reserve({ name, test }: NamedRequest): ReturnType<Recordings['reserve']> {
    this.#options.library.prepareToSave()
    const borrowed = this.#playback.borrowed(name, test)
    return this.#recordings.reserve(name, test, this.#outdated(name), borrowed)
  }

  /**
   * Records what was received. What fails here comes too late for the request, and is noted.
   *
   * @param index its place in the sequence
   * @param leftOut a recording that the new one comes in the place of
   */
  async keep(
    named: NamedRequest,
    received: Outcome,
    index: number,
    leftOut: Interaction | undefined,
  ): Promise<void> {
    const { hooks, log, matchers, redaction } = this.#options
    try {
      const response = received.response && recordedResponse(received.response)
      const redacted = response && this.#redacted(response, named)
      const failure = received.error && recordFailure(received.error)
      const error = failure && (this.#redactor(named.test)?.failure(failure) ?? failure)
      const outcome = { response: redacted, error }
      const draft = recordedInteraction(named, outcome, matchers.fingerprint)
      if (redaction?.further !== undefined) checkRedacted(draft)
      const live = hides(redacted, response) ? { received, redacted } : undefined
      const store = (result: Interaction | undefined) =>
        this.#store(named, result, live, { index, leftOut })
      // At once where it can be: the next request may be on its way.
      if (hooks.beforeRecord === undefined) store(draft)
      else await this.#inOrder(askHook('beforeRecord', hooks.beforeRecord, draft), store)
    } catch (error) {
      log.noteFailure(error instanceof Error ? error : new Error(String(error)), named, true)
    }
  }

  /** Resolves once the hooks are through with what was received until now. */
  async settle(): Promise<void> {
    if (this.#options.hooks.beforeRecord === undefined) return
    await this.#asked.turn()
    await this.#asked.settle()
  }

  #redacted(response: RecordedResponse, { request, test }: NamedRequest): RecordedResponse {
    return this.#redactor(test)?.response(response, request) ?? response
  }

  /** Hooks run side by side; what they return is stored in the order in which it was received. */
  async #inOrder<Result>(asked: Promise<Result>, store: (result: Result) => void): Promise<void> {
    const previous = this.#lastKept
    const end = this.#asked.begin()
    const kept = (async () => {
      const [outcome] = await Promise.allSettled([asked, previous])
      if (outcome.status === 'rejected') throw outcome.reason
      store(outcome.value)
    })()
    this.#lastKept = kept.catch(() => undefined)
    await kept.finally(end)
  }

  #store(
    named: NamedRequest,
    draft: Interaction | undefined,
    live: LiveOutcome | undefined,
    { index, leftOut }: Pick<Placing, 'index' | 'leftOut'>,
  ): void {
    const { expiry, library, log, memory, recordMode } = this.#options
    const { name, test, request } = named
    const tell = (what: string) => debug(() => `${request.method} ${request.url} ${what}`)
    if (draft === undefined) return tell('is not recorded: beforeRecord left it out')
    if (named.attempt !== this.#recordings.attempt(test)) {
      return tell('is not recorded: its test has begun anew')
    }
    const interaction = this.#recordings.add(draft, {
      index,
      outdated: this.#outdated(name),
      leftOut,
      borrowed: this.#playback.takeBorrowed(name, test),
      maySpare: (old) => recordMode.mode === 'all' && !expiry.isExpired(old),
    })
    memory().remember(interaction, live)
    if (leftOut === undefined) this.#playback.recorded(interaction)
    log.noteRecording(interaction)
    tell(`is recorded in ${library.path}`)
  }

  #outdated(name: CassetteName): readonly Interaction[] {
    const { expiry, library, recordMode } = this.#options
    const stored = library.find(name)
    return recordMode.mode === 'all' ? stored : expiry.outdated(stored)
  }
}
