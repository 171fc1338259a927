import type { CassetteLibrary } from '../model/cassette-library.ts'
import { UnhandledRequestError } from '../model/errors/unhandled-request-error.ts'
import type { Interaction } from '../model/interaction.ts'
import type { Claim } from '../model/interceptor.ts'
import { matcherSet } from '../model/matcher-set.ts'
import type { RecordMode } from '../model/record-mode.ts'
import { cassetteExists } from '../storage/cassette-path.ts'
import { openCassetteLibrary } from '../storage/open-cassette-library.ts'
import type { ActivePlayer } from './active-players.ts'
import { PendingWork } from './pending-work.ts'
import { checkOptions } from './check-options.ts'
import { playerOptionTypes, type PlayerOptions } from './player-options.ts'
import type { PlayerReport } from './player-report.ts'
import { recordModeInForce } from './record-mode-in-force.ts'
import { Responder } from './responder.ts'
import { runMemory, type RunMemory } from './run-memory.ts'
import { sharedPlayers } from './shared-players.ts'
import { speedOf } from './timing.ts'

/** What a test runner knows and a user does not say. */
export interface RunnerKnowledge {
  /** Whether it takes this for a CI run; by default, what the variable `CI` says. */
  readonly runsInCi?: boolean | undefined
  /** Who set the option `recordMode`, where the options did not. */
  readonly modeSetBy?: string | undefined
  /** Which requests pass through, by their URL. */
  readonly ignores?: (url: string) => boolean
}

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
export class Player implements ActivePlayer {
  /** Absolute path of the cassette: a file, or a directory with a file per interaction. */
  readonly path: string
  readonly recordMode: RecordMode
  /** Full name of the test that runs now, so that recordings can be told apart by test. */
  currentTest: string | undefined
  readonly #library: CassetteLibrary
  readonly #responder: Responder
  readonly #pending = new PendingWork()
  #memory: RunMemory | undefined
  #release: (() => void) | undefined
  #ejection: Promise<void> | undefined
  #failuresTaken = 0

  /**
   * Reads nothing yet.
   *
   * @param path `.json`, `.yaml` or `.yml`: one file; anything else: a directory. Relative to the
   * working directory
   * @param runner what a test runner knows
   * @throws OptionError for an unknown option, mode, format or matcher
   */
  constructor(path: string, options: PlayerOptions = {}, runner: RunnerKnowledge = {}) {
    checkOptions(options, playerOptionTypes)
    const recordMode = recordModeInForce(options.recordMode, runner.runsInCi, runner.modeSetBy)
    const { fileFormat } = options
    this.#library = openCassetteLibrary(path, { fileFormat })
    this.path = this.#library.path
    this.recordMode = recordMode.mode
    this.#responder = new Responder({
      library: this.#library,
      matchers: matcherSet(options),
      recordMode,
      allowPlaybackRepeats: options.allowPlaybackRepeats ?? true,
      redact: options.redact ?? true,
      recordErrors: options.recordErrors ?? false,
      speed: speedOf(options.timing ?? 'instant'),
      ignores: runner.ignores ?? (() => false),
      memory: () => this.#memory ?? runMemory(this.path, cassetteExists(this.path)),
    })
  }

  get isInserted(): boolean {
    return this.#release !== undefined
  }

  get isEjecting(): boolean {
    return this.#ejection !== undefined
  }

  /**
   * Answers the requests of the whole process until `eject`. Reads nothing yet.
   *
   * @throws Error if it is inserted already, or if a file is where a directory should be
   */
  insert(): this {
    this.#take()
    sharedPlayers().insert(this)
    return this
  }

  /**
   * Takes over the network for the requests that are handed to `claim`, and for no others, until
   * `eject`. Reads nothing yet.
   *
   * @throws Error as `insert` does
   */
  open(): this {
    this.#take()
    return this
  }

  /**
   * Stops answering, waits for the recordings in flight, saves, and gives the network back. Does
   * nothing where the player is not inserted.
   *
   * @throws Error where the cassette cannot be written
   */
  eject(): Promise<void> {
    this.#ejection ??= this.#eject().finally(() => {
      this.#ejection = undefined
    })
    return this.#ejection
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
      await this.eject().catch((also: unknown) => process.emitWarning(`[cassette] ${String(also)}`))
      throw error
    }
    await this.eject()
    return result
  }

  /** Waits for the recordings in flight and writes them. */
  async settle(): Promise<void> {
    await this.#pending.settle()
    await this.save()
  }

  /** Writes what was recorded until now; a recording in flight is left to `settle` and `eject`. */
  async save(): Promise<void> {
    await this.#library.save()
  }

  /** Makes every interaction playable again; with a test, those that it played. */
  rewind(test?: string): void {
    this.#responder.rewind(test)
  }

  /** Takes back what a failed attempt of a test recorded and played. */
  forgetAttempt(test: string): void {
    this.#responder.forgetAttempt(test)
  }

  /** What was recorded, replayed, unused and unhandled since the player was made. */
  report(): PlayerReport {
    const { recorded, replayed, failures } = this.#responder
    const stored = this.#library.interactions()
    const unused = stored.filter((one) => !recorded.has(one) && !replayed.has(one))
    return {
      recorded: this.#places(recorded),
      replayed: this.#places(replayed),
      unused: this.#places(unused),
      unhandled: failures
        .filter((failure) => failure instanceof UnhandledRequestError)
        .map(({ method, url }) => `${method} ${url}`),
    }
  }

  /** Writes what was neither recorded nor replayed, one name a line. */
  reportUnusedCassettes(output: { write(text: string): unknown } = process.stdout): void {
    output.write(this.report().unused.join('\n'))
  }

  /** Absolute paths of the files that hold what was recorded or replayed. */
  usedFiles(): readonly string[] {
    const { recorded, replayed } = this.#responder
    const used = [...recorded, ...replayed].map((one) => this.#library.fileOf(one))
    return [...new Set(used)].toSorted()
  }

  /** How many interactions were recorded and replayed since the player was made. */
  get counts(): { readonly recorded: number; readonly replayed: number } {
    const { recorded, replayed } = this.#responder
    return { recorded: recorded.size, replayed: replayed.size }
  }

  /** Hands over the failures since the last call: misses and unreadable cassettes. */
  takeFailures(): readonly Error[] {
    const taken = this.#responder.failures.slice(this.#failuresTaken)
    this.#failuresTaken += taken.length
    return taken
  }

  /** Called by the network when a request is made. */
  claim(): Claim {
    const test = this.currentTest
    const end = this.#pending.begin()
    let isAnswering = false
    return {
      // A client can be done with a response before its recording is.
      drop: () => isAnswering || end(),
      refuse: (head) => {
        end()
        return this.#responder.refuse(head)
      },
      answer: async (exchange) => {
        isAnswering = true
        await this.#responder.answer(exchange, test).finally(end)
      },
    }
  }

  #take(): void {
    if (this.isInserted) {
      throw new Error(`The cassette ${this.path} is inserted already. Eject it first.`)
    }
    this.#memory = runMemory(this.path, cassetteExists(this.path))
    this.#release = sharedPlayers().hold()
  }

  async #eject(): Promise<void> {
    if (this.#release === undefined) return
    await this.#pending.turn()
    this.#responder.leave()
    const release = this.#release
    this.#release = undefined
    sharedPlayers().remove(this)
    try {
      await this.settle()
    } finally {
      sharedPlayers().noteUsedFiles(this)
      release()
    }
  }

  #places(interactions: Iterable<Interaction>): string[] {
    return Array.from(interactions, (interaction) => this.#library.locate(interaction)).toSorted()
  }
}
