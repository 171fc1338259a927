import { readFileSync } from 'node:fs'
import type { Claim } from '../model/interceptor.ts'
import { untilNextTurn } from '../model/real-timers.ts'
import type { Environment } from '../model/redaction/secret-values.ts'
import type { Origin } from '../player/failures.ts'
import type { PlayerCounts } from '../player/player-counts.ts'
import type { Player } from '../player/player.ts'
import { presentPlayers } from '../player/present-players.ts'
import { meetForeignEngines } from '../interception/engine/foreign-engines.ts'
import { cassettePath, type TestFilePlace } from './cassette-path.ts'
import { FileCassettes } from './file-cassettes.ts'
import type { FileUsage, UsageCounts } from './file-usage.ts'
import { headComment, type HeadComment } from './head-comment.ts'
import { optionsInForce } from './options-in-force.ts'
import { watchOwnServers } from './own-servers.ts'
import { arePlain } from './plain-options.ts'
import { enter, finish, inForce, replace, within } from './runner-network.ts'
import type { RunnerOptions } from './runner-options.ts'
import { TestScope } from './test-scope.ts'
import { heavyHalf } from './use-heavy-half.ts'

/** A test file as its runner knows it. */
export interface TestFileStart extends TestFilePlace {
  /** Whether the runner takes this for a CI run; by default, what the variable `CI` says. */
  readonly runsInCi?: boolean | undefined
  /** The environment that the tests see, where it is not that of the process. */
  readonly environment?: () => Environment
  /** Whether the runner was told to update snapshots. */
  readonly updatesSnapshots?: boolean
  /**
   * Whether all code of the file, and no other, runs in the async context of the start: a request
   * out of another context is not a test's.
   */
  readonly hasOwnContext?: boolean
}

/** The cassettes of one test file, from before its first line to after its last hook. */
export class TestFileSession {
  readonly testFile: string
  readonly failOnMiss: boolean
  /** The option in force. */
  readonly cassetteDir: string | undefined
  readonly #cassettes: FileCassettes
  readonly #isPerTest: boolean
  readonly #isOff: boolean
  readonly #outside = new TestScope(this)
  readonly #tests = new Map<string, TestScope>()
  #names: ReadonlySet<string> | undefined
  #ready = Promise.resolve()
  #hasFailed = true
  #serial: TestScope | undefined
  #isOver = false

  private constructor(start: TestFileStart, options: RunnerOptions, comment: HeadComment) {
    this.testFile = start.testFile
    this.failOnMiss = options.failOnMiss ?? true
    this.cassetteDir = options.cassetteDir
    this.#isOff = comment.isOff === true
    this.#isPerTest = options.cassettePer === 'test'
    const path = cassettePath(start, options, comment.path)
    // A test may change it before the player is there to read it.
    const variables = { ...process.env }
    this.#cassettes = new FileCassettes(path, this.#isPerTest, (of) =>
      heavyHalf().openPlayer(of, options, comment, {
        ...start,
        variables,
        // A cassette that a comment names may be shared: its other tests are another file's.
        isGone: (test) => comment.path === undefined && this.#names?.has(test) === false,
      }),
    )
    // A file with recordings will make requests, and what is wrong with options shows before them.
    if (this.#cassettes.isRecorded || !arePlain(options)) this.#cassettes.of(undefined)
  }

  /**
   * Begins to answer the requests of a test file. A session that was left open (no runner promises
   * its last hook) is finished first; the network stays taken over for the life of the process.
   *
   * @param given the options from the runner's configuration, checked
   * @throws OptionError, HeadCommentError
   */
  static start(start: TestFileStart, given: RunnerOptions): TestFileSession {
    watchOwnServers()
    meetForeignEngines(globalThis)
    const { testFile, root } = start
    const options = optionsInForce(root, given)
    const comment = headComment(readFileSync(testFile, 'utf8'), testFile)
    const session = new TestFileSession(start, options, comment)
    session.#ready = replace(session, start.hasOwnContext === true)
    enter(start.hasOwnContext === true ? session.#outside : undefined)
    return session
  }

  /** Resolves once the session that was left open before this one is finished. */
  get ready(): Promise<void> {
    return this.#ready
  }

  /** Absolute path of the file's cassette. */
  get cassette(): string {
    return this.#cassettes.path
  }

  /** The player that answers the code that asks; none where the cassette is off. */
  get player(): Player | undefined {
    return this.#isOff ? undefined : this.#cassettes.of(this.#scope().test)
  }

  /** Says which tests the file has, by their full names: what others recorded is of tests that are gone. */
  nameTests(names: readonly string[]): void {
    this.#names = new Set(names)
  }

  /**
   * Says that a test runs from here on, alone.
   *
   * @param name its full name
   * @param again why it runs once more: after a `repeat` what it played can be played again, and for
   * a `retry` what the failed attempt recorded is taken back as well
   */
  startTest(name: string, again?: 'repeat' | 'retry'): TestScope {
    this.#serial = this.startConcurrentTest(name, again)
    return this.#serial
  }

  /** Says that a test runs from here on, beside others. */
  startConcurrentTest(name: string, again?: 'repeat' | 'retry'): TestScope {
    this.#cassettes.begin(name)
    const player = this.#cassettes.opened(name)
    if (again === 'repeat') player?.rewind(name)
    if (again === 'retry') player?.forgetAttempt(name)
    const scope = new TestScope(this, name, player?.attempt(name))
    this.#tests.set(name, scope)
    return scope
  }

  /** Runs the code of a test. */
  within<Result>(scope: TestScope, run: () => Result): Result {
    return within(scope, run)
  }

  /** Makes what is called from here on, in this async context, part of a test. */
  enter(scope: TestScope): void {
    enter(scope)
  }

  /** The opposite of `enter`. */
  leave(): void {
    enter(undefined)
  }

  /**
   * Saves what a test recorded, or takes that back where the test failed and `recordOnFailure` is
   * false. Then nothing is saved before it is known how the file went.
   *
   * @param hasFailed what the runner knows of the test; called again, that it failed after all
   * @returns why it has to fail though its own code may not have noticed, else `undefined`
   */
  async saveTest(scope: TestScope, hasFailed = false): Promise<Error | undefined> {
    const { test } = scope
    const player = this.#cassettes.opened(test)
    if (player === undefined) return undefined
    await player.settleHooks()
    if (player.options.recordOnFailure) await player.save()
    const [first] = player.takeFailures((origin) => scope.covers(origin))
    const failure = this.failOnMiss ? first : undefined
    if (
      test !== undefined &&
      (hasFailed || failure !== undefined) &&
      !player.options.recordOnFailure
    ) {
      player.discard(test)
      scope.attempt = player.attempt(test)
    }
    return failure
  }

  /** As `saveTest`, what was received until now outside of tests. */
  async saveOutside(): Promise<Error | undefined> {
    // A client has its answer a little earlier.
    await untilNextTurn()
    return this.saveTest(this.#outside)
  }

  /** Says that a test has ended: what its code still does is the file's. */
  endTest(scope: TestScope | undefined = this.#serial): void {
    if (scope === this.#serial) this.#serial = undefined
    if (scope !== undefined) scope.isOver = true
  }

  /** @returns the first failure outside of tests since the last call, where it has to fail the file */
  takeFailure(): Error | undefined {
    const isRunning = (origin: Origin): boolean => {
      const scope = origin.test === undefined ? undefined : this.#tests.get(origin.test)
      return scope?.isOver === false && scope.covers(origin)
    }
    const players = this.#cassettes.all()
    const [failure] = players.flatMap((player) =>
      player.takeFailures((origin) => !isRunning(origin)),
    )
    return this.failOnMiss ? failure : undefined
  }

  /** What the file did until now; complete once the runner has seen every test pass. */
  usage(isComplete: boolean): FileUsage {
    const { testFile, cassette } = this
    const own = this.#cassettes.all().flatMap((player) => player.usedFiles())
    const used = [...new Set([...own, ...(presentPlayers()?.usedFiles() ?? [])])].toSorted()
    const isPerTest = this.#isPerTest ? { isPerTest: true } : {}
    return { testFile, cassette, ...isPerTest, used, isComplete, counts: this.#counts() }
  }

  /**
   * Waits for the recordings in flight and saves them; answers requests all the while.
   *
   * @param hasFailed whether a test or a hook of the file failed
   * @returns why the file has to fail, as `takeFailure` does
   */
  async flush(hasFailed = false): Promise<Error | undefined> {
    await Promise.all(this.#cassettes.all().map(async (player) => player.settle()))
    this.#judge(hasFailed)
    await Promise.all(this.#cassettes.all().map(async (player) => player.save()))
    return this.takeFailure()
  }

  /**
   * Ejects the cassettes; what was inserted by hand as well.
   *
   * @param hasFailed as `flush` was told; a file that nobody knows the outcome of counts as failed
   */
  async finish(hasFailed: boolean = this.#hasFailed): Promise<void> {
    this.#hasFailed = hasFailed
    await finish(this)
  }

  /**
   * Called by the network when a request is made.
   *
   * @param isLate whether it waited, so that the context need not be that of who asked for it
   */
  claim(context: TestScope | undefined, isLate?: () => boolean): Claim | undefined {
    if (this.#isOff) return undefined
    const { test } = this.#whose(context, isLate)
    const player = this.#cassettes.of(test)
    if (this.#isOver) return heavyHalf().lateClaim(player, this.testFile)
    player.currentTest = test
    const claim = player.claim()
    player.currentTest = undefined
    return claim
  }

  /** Stops to answer, and saves what is recorded. */
  async eject(): Promise<void> {
    this.#judge(this.#hasFailed)
    const ejectOpened = () => this.#cassettes.all().map(async (player) => player.eject())
    const ejected = ejectOpened()
    // `fetch` makes its request a little later; it may be the first.
    await untilNextTurn()
    this.#isOver = true
    await Promise.all([...ejected, ...ejectOpened()])
  }

  /** Whose code this is: that of the test whose context it is, else of the only one that runs. */
  #scope(): TestScope {
    const entered = inForce()
    if (entered?.session === this && entered.test !== undefined) return entered
    return this.#serial ?? this.#outside
  }

  /** Whose request it is. One that waited is the only running test's, of several it is no one's. */
  #whose(context: TestScope | undefined, isLate?: () => boolean): TestScope {
    const scope = context?.test === undefined ? this.#scope() : context
    if (this.#tests.size === 0 || isLate?.() !== true) return scope
    const [running, other] = [...this.#tests.values()].filter(({ isOver }) => !isOver)
    return running !== undefined && other === undefined ? running : this.#outside
  }

  #counts(): UsageCounts {
    const all = this.#cassettes.all().map(({ counts }) => counts)
    const total = (of: keyof PlayerCounts): number => all.reduce((sum, one) => sum + one[of], 0)
    return {
      cassettes: all.filter(({ replayed, recorded }) => replayed + recorded > 0).length,
      replayed: total('replayed'),
      recorded: total('recorded'),
      unredacted: total('unredacted'),
      expired: total('expired'),
      misses: total('misses'),
    }
  }

  /** Takes back what was recorded outside of every test, where the file failed and that decides. */
  #judge(hasFailed: boolean): void {
    this.#hasFailed = hasFailed
    for (const player of this.#cassettes.all()) {
      if (hasFailed && !player.options.recordOnFailure) player.discard(undefined)
    }
  }
}
