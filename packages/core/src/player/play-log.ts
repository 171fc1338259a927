import { OptionError } from '../model/errors/option-error.ts'
import { UnhandledRequestError } from '../model/errors/unhandled-request-error.ts'
import type { Interaction } from '../model/interaction.ts'
import { Failures, type Origin } from './failures.ts'

/** What a player tells of, and with what. */
export interface PlayerEvents {
  /** A stored interaction answered a request. */
  readonly replay: Interaction
  /** An interaction was recorded, as it will be stored. */
  readonly record: Interaction
  /** A request has no answer. */
  readonly miss: UnhandledRequestError
}

type Listeners = {
  readonly [Event in keyof PlayerEvents]: Set<(value: PlayerEvents[Event]) => unknown>
}

/** What a player did, and who wants to hear of it. Everything in it is redacted. */
export class PlayLog {
  /** Why requests failed that the cassette had to answer, or could not be recorded, in order. */
  readonly failures: Failures = new Failures()
  /** Those of which no request could tell: its client had the response already. */
  readonly #late = new Set<Error>()
  /** Stored interactions that were asked for and are older than `maxAge`. */
  readonly expired: Set<Interaction> = new Set()
  readonly #plays = new Map<Interaction, number>()
  readonly #listeners: Listeners = { replay: new Set(), record: new Set(), miss: new Set() }

  get replayed(): readonly Interaction[] {
    return [...this.#plays.keys()]
  }

  /** How often an interaction answered, or all of them together. */
  playCount(interaction?: Interaction): number {
    if (interaction !== undefined) return this.#plays.get(interaction) ?? 0
    return [...this.#plays.values()].reduce((sum, count) => sum + count, 0)
  }

  /** @returns how often it was replayed by now */
  noteReplay(interaction: Interaction): number {
    const count = this.playCount(interaction) + 1
    this.#plays.set(interaction, count)
    this.#tell('replay', interaction)
    return count
  }

  noteRecording(interaction: Interaction): void {
    this.#tell('record', interaction)
  }

  /** @param isLate whether the request has its response already */
  noteFailure(error: Error, origin: Origin, isLate = false): void {
    const isNew = this.failures.add(error, origin)
    if (isNew && isLate) this.#late.add(error)
    // Of every request, though those that say the same count once.
    if (error instanceof UnhandledRequestError) this.#tell('miss', error)
  }

  /** Hands over the failures that nobody took yet. */
  takeFailures(isWanted?: (origin: Origin) => boolean): readonly Error[] {
    const taken = this.failures.take(isWanted)
    for (const error of taken) this.#late.delete(error)
    return taken
  }

  /** Hands over the first failure that nobody has heard of yet, and forgets the others. */
  takeLate(): Error | undefined {
    const [first] = this.#late
    this.#late.clear()
    return first
  }

  /**
   * Calls a listener at an event until the returned function is called.
   *
   * @throws OptionError for an unknown event
   */
  on<Event extends keyof PlayerEvents>(
    event: Event,
    listener: (value: PlayerEvents[Event]) => unknown,
  ): () => void {
    if (!Object.hasOwn(this.#listeners, event)) {
      throw new OptionError('event', event, `one of ${Object.keys(this.#listeners).join(', ')}`)
    }
    if (typeof listener !== 'function') throw new OptionError('listener', listener, 'a function')
    // Given twice it is called twice, and each is taken off by itself.
    const own = (value: PlayerEvents[Event]) => listener(value)
    this.#listeners[event].add(own)
    return () => {
      this.#listeners[event].delete(own)
    }
  }

  #tell<Event extends keyof PlayerEvents>(event: Event, value: PlayerEvents[Event]): void {
    for (const listener of this.#listeners[event]) {
      // Traffic goes on, whatever a listener does.
      const called = (async () => listener(value))()
      called.catch((error: unknown) => {
        process.emitWarning(`[cassette] A listener of '${event}' threw: ${String(error)}`)
      })
    }
  }
}
