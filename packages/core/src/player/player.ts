import { deepFreeze } from '../model/deep-freeze.ts'
import type { Interaction } from '../model/interaction.ts'
import type { Claim } from '../model/interceptor.ts'
import type { RecordMode } from '../model/record-mode.ts'
import { debug } from './debug.ts'
import type { Origin } from './failures.ts'
import { existedAtFirst } from './first-insertion.ts'
import { PendingWork } from './pending-work.ts'
import { PlayLog, type PlayerEvents } from './play-log.ts'
import { playerCounts, type PlayerCounts } from './player-counts.ts'
import type { PlayerOptions } from './player-options.ts'
import { earliest, isUsed, playerReport, type PlayerReport } from './player-report.ts'
import { Responder } from './responder.ts'
import {
  responderOptions,
  type ResponderOptions,
  type RunnerKnowledge,
} from './responder-options.ts'
import { runMemory, type RunMemory } from './run-memory.ts'
import { sharedPlayers } from './shared-players.ts'
import { warnOfStale } from './stale-warning.ts'
import { warnUnredacted } from './warn-unredacted.ts'

/**
 * Binds a cassette to the network for a span: a request that is stored is answered from it, another
 * is made and stored, as far as the record mode allows.
 *
 * @example
 * const player = new Player('fixtures/api')
 * await player.play(async () => {
 *   await fetch('https://api.example.com/users/1')
 * })
 * player.reportUnusedCassettes()
 */
export class Player {
  /** Absolute path of the cassette: a file, or a directory with a file per interaction. */
  readonly path: string
  readonly recordMode: RecordMode
  /** Full name of the test that runs now: recordings are told apart by it. @internal */
  currentTest: string | undefined
  readonly #options: ResponderOptions
  readonly #log = new PlayLog()
  readonly #responder: Responder
  readonly #pending = new PendingWork()
  #memory: RunMemory | undefined
  #release: (() => Promise<void>) | undefined
  #ejection: Promise<void> | undefined

  /**
   * Reads nothing yet.
   *
   * @param path `.json`, `.yaml` or `.yml`: one file; anything else: a directory. Relative to the
   * working directory
   * @throws OptionError for an unknown option, mode, format, matcher, host or duration
   */
  constructor(path: string, options?: PlayerOptions)
  /** @internal */
  constructor(path: string, options: PlayerOptions, runner: RunnerKnowledge)
  constructor(path: string, given: PlayerOptions = {}, runner: RunnerKnowledge = {}) {
    const options = responderOptions(path, given, runner, {
      log: this.#log,
      memory: () => this.#memory ?? runMemory(this.path, existedAtFirst(this.path)),
    })
    this.#options = options
    this.#responder = new Responder(options)
    this.path = options.library.path
    this.recordMode = options.recordMode.mode
  }

  /** @internal */
  get options(): ResponderOptions {
    return this.#options
  }

  get isInserted(): boolean {
    return this.#release !== undefined
  }

  /** @internal */
  get isEjecting(): boolean {
    return this.#ejection !== undefined
  }

  /** Every interaction of the cassette, stored and recorded, frozen. Reads the whole cassette. */
  get interactions(): readonly Interaction[] {
    return this.#options.library.interactions().map((interaction) => deepFreeze(interaction))
  }

  /** Those that were recorded or replayed since the player was made. */
  get used(): readonly Interaction[] {
    return this.interactions.filter(isUsed(this.#log, this.#responder.recordings.made))
  }

  /** Those that were neither recorded nor replayed since the player was made. */
  get unused(): readonly Interaction[] {
    const used = new Set(this.used)
    return this.interactions.filter((interaction) => !used.has(interaction))
  }

  /** When the oldest interaction was recorded: what to set a fake clock to. */
  get recordedAt(): Date | undefined {
    return earliest(this.interactions)
  }

  /**
   * How many requests the cassette has answered since the player was made; with an interaction, how
   * many that one has. A request that is made and recorded is none of them.
   *
   * @param interaction one of `interactions`
   */
  playCount(interaction?: Interaction): number {
    return this.#log.playCount(interaction)
  }

  /**
   * Calls a listener whenever an interaction was replayed or recorded, or a request had no answer.
   * One that throws is warned of and disturbs no request.
   *
   * @returns ends it
   * @throws OptionError for an unknown event
   * @example
   * const stop = player.on('miss', (error) => console.log(error.message))
   */
  on<Event extends keyof PlayerEvents>(
    event: Event,
    listener: (value: PlayerEvents[Event]) => unknown,
  ): () => void {
    return this.#log.on(event, listener)
  }

  /**
   * Answers the requests of the whole process until `eject`. Reads nothing yet.
   *
   * @throws Error if it is inserted and not ejected yet; CassettePathError; CassetteDecodeError
   */
  insert(): this {
    this.#take()
    sharedPlayers().insert(this)
    return this
  }

  /** As `insert`, but answers only what is handed to `claim`. @internal */
  open(): this {
    this.#take()
    return this
  }

  /**
   * Stops answering, waits for the recordings in flight, saves, and gives the network back, if it is
   * inserted.
   *
   * @throws CassetteWriteError where the cassette cannot be written
   * @throws SecretFoundError where a recording looks as if it held a secret; it is not written
   * @throws HookError where `beforeRecord` failed after its request had its response
   */
  eject(): Promise<void> {
    return this.#ejectOnce(true)
  }

  /**
   * Answers the requests that are made in `run`, and no others. Ejects also when `run` fails.
   *
   * @returns what `run` returns
   */
  async play<Result>(run: () => Result | Promise<Result>): Promise<Result> {
    this.#take()
    let result: Result
    try {
      result = await sharedPlayers().play(this, run)
    } catch (error) {
      // What failed first is what the caller has to see.
      await this.#ejectOnce(this.#options.recordOnFailure).catch((also: unknown) =>
        process.emitWarning(`[cassette] ${String(also)}`),
      )
      throw error
    }
    await this.eject()
    return result
  }

  /** Waits for the recordings in flight. @internal */
  async settle(): Promise<void> {
    await this.#pending.settleChains(() => this.#responder.leave())
  }

  /** Waits until `beforeRecord` is through with what was received until now. @internal */
  async settleHooks(): Promise<void> {
    await this.#responder.settleHooks()
  }

  /** Writes what was recorded until now; a recording in flight is left to `eject`. */
  async save(): Promise<void> {
    const { library, redaction } = this.#options
    if (redaction === undefined && library.isDirty) warnUnredacted(this.path)
    await library.save()
  }

  /** Makes every interaction playable again; with a test, those that it played. */
  rewind(test?: string): void {
    this.#responder.rewind(test)
  }

  /** Takes back what a failed attempt of a test recorded and played. @internal */
  forgetAttempt(test: string): void {
    this.#responder.forgetAttempt(test)
  }

  /** Takes back what was recorded by a test, or outside of every one. @internal */
  discard(test: string | undefined): void {
    this.#responder.recordings.discard(test)
  }

  /** Which attempt at a test this is. @internal */
  attempt(test: string): number {
    return this.#responder.recordings.attempt(test)
  }

  /** What was recorded, replayed, unused and unhandled since the player was made. */
  report(): PlayerReport {
    return playerReport(this.#options.library, this.#log, this.#responder.recordings.made)
  }

  /** Writes what was neither recorded nor replayed, one name a line. */
  reportUnusedCassettes(output: { write(text: string): unknown } = process.stdout): void {
    output.write(this.report().unused.join('\n'))
  }

  /** Absolute paths of the files that hold what was recorded or replayed. @internal */
  usedFiles(): readonly string[] {
    const used = [...this.#responder.recordings.made, ...this.#log.replayed]
    return [...new Set(used.map((one) => this.#options.library.fileOf(one)))].toSorted()
  }

  /** How much was done since the player was made. @internal */
  get counts(): PlayerCounts {
    return playerCounts(this.#log, this.#responder.recordings.made, this.#options.redaction)
  }

  /** Hands over the failures, misses among them, that nobody took yet. @internal */
  takeFailures(isWanted?: (origin: Origin) => boolean): readonly Error[] {
    return this.#log.takeFailures(isWanted)
  }

  /** Called by the network when a request is made. @internal */
  claim(): Claim {
    debug(() => `a request is claimed by the cassette ${this.path}`)
    const test = this.currentTest
    const end = this.#pending.begin()
    let isAnswering = false
    return {
      // A client can be done with a response before its recording is.
      drop: () => isAnswering || end(),
      refuse: (head) => {
        end()
        return this.#responder.refuse(head, test)
      },
      answer: async (exchange) => {
        isAnswering = true
        await this.#responder.answer(exchange, test).finally(end)
      },
    }
  }

  #take(): void {
    if (this.isInserted || this.isEjecting) {
      throw new Error(`The cassette ${this.path} is inserted already. Await its eject() first.`)
    }
    this.#memory = runMemory(this.path, existedAtFirst(this.path))
    this.#responder.recordings.begin()
    this.#release = sharedPlayers().hold()
  }

  #ejectOnce(keepsRecordings: boolean): Promise<void> {
    this.#ejection ??= this.#eject(keepsRecordings).finally(() => {
      this.#ejection = undefined
    })
    return this.#ejection
  }

  async #eject(keepsRecordings: boolean): Promise<void> {
    if (this.#release === undefined) return
    await this.#responder.leave()
    const release = this.#release
    this.#release = undefined
    sharedPlayers().remove(this)
    try {
      await this.#pending.settle()
      if (!keepsRecordings) this.#responder.recordings.discardAll()
      await this.save()
    } finally {
      sharedPlayers().noteUsedFiles(this)
      warnOfStale(this.#options.library)
      await release()
    }
    const late = this.#log.takeLate()
    if (late !== undefined) throw late
  }
}
