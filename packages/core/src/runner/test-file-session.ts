import { readFileSync } from 'node:fs'
import type { Environment } from '../model/redaction/secret-values.ts'
import { Player } from '../player/player.ts'
import { sharedPlayers } from '../player/shared-players.ts'
import { cassettePath, type TestFilePlace } from './cassette-path.ts'
import { configFileOptions } from './config-file.ts'
import type { FileUsage } from './file-usage.ts'
import { headComment } from './head-comment.ts'
import { isOwnServer, watchOwnServers } from './own-servers.ts'
import { playerOptions, runnerOptionsInForce, type RunnerOptions } from './runner-options.ts'

/** A test file as its runner knows it. */
export interface TestFileStart extends TestFilePlace {
  /** Whether the runner takes this for a CI run; by default, what the variable `CI` says. */
  readonly runsInCi?: boolean
  /** The environment that the tests see, where it is not that of the process. */
  readonly environment?: () => Environment
}

/** The cassette of one test file, from before its first line to after its last hook. */
export class TestFileSession {
  readonly testFile: string
  readonly failOnMiss: boolean
  /** The option in force. */
  readonly cassetteDir: string | undefined
  /** Resolves once the session that was left open before this one is finished. */
  readonly ready: Promise<void>
  readonly #player: Player
  #test: string | undefined
  #hasFailed = true

  private constructor(
    testFile: string,
    { cassetteDir, failOnMiss = true }: RunnerOptions,
    player: Player,
  ) {
    this.testFile = testFile
    this.failOnMiss = failOnMiss
    this.cassetteDir = cassetteDir
    this.ready = finishLeftover()
    this.#player = player.insert()
  }

  /**
   * Inserts the cassette of a test file. A session that was left open (no runner promises its last
   * hook) is finished first; the network stays taken over for the life of the process.
   *
   * @param given the options from the runner's configuration, checked
   * @throws OptionError, HeadCommentError
   */
  static start(start: TestFileStart, given: RunnerOptions): TestFileSession {
    holdNetwork()
    watchOwnServers()
    const { testFile, root, runsInCi, environment } = start
    const options = runnerOptionsInForce(configFileOptions(root), given)
    const comment = headComment(readFileSync(testFile, 'utf8'), testFile)
    const path = cassettePath(start, options, comment)
    const { ignoreOwnServers = true } = options
    const player = new Player(path, playerOptions(options, path), {
      runsInCi,
      ...(environment === undefined ? {} : { environment }),
      isOwn: (url) => ignoreOwnServers && isOwnServer(url),
    })
    open = new TestFileSession(testFile, options, player)
    return open
  }

  /** Absolute path of the cassette. */
  get cassette(): string {
    return this.#player.path
  }

  /**
   * Says which test runs from here on.
   *
   * @param name its full name
   * @param again why it runs once more: after a `repeat` what it played can be played again, and for
   * a `retry` what the failed attempt recorded is taken back as well
   */
  startTest(name: string, again?: 'repeat' | 'retry'): void {
    this.#test = name
    this.#player.currentTest = name
    if (again === 'repeat') this.#player.rewind(name)
    if (again === 'retry') this.#player.forgetAttempt(name)
  }

  /**
   * Ends the test: saves what it recorded, or takes that back where the test failed and
   * `recordOnFailure` is false. Then nothing is saved before it is known how the file went.
   *
   * @param hasFailed what the runner knows of the test; called again, that it failed after all
   * @returns why the test has to fail though its own code may not have noticed, else `undefined`
   */
  async endTest(hasFailed = false): Promise<Error | undefined> {
    const { currentTest, recordOnFailure } = this.#player
    this.#player.currentTest = undefined
    await this.#player.settleHooks()
    if (recordOnFailure) await this.#player.save()
    const failure = this.takeFailure()
    // One that comes behind the test is not the test's.
    const failedNow = hasFailed || (currentTest !== undefined && failure !== undefined)
    if (failedNow && !recordOnFailure && this.#test !== undefined) this.#player.discard(this.#test)
    return failure
  }

  /** @returns the first failure since the last call, where a failure has to fail a test */
  takeFailure(): Error | undefined {
    const [failure] = this.#player.takeFailures()
    return this.failOnMiss ? failure : undefined
  }

  /** What the file did until now; complete once the runner has seen every test pass. */
  usage(isComplete: boolean): FileUsage {
    const { testFile, cassette } = this
    return { testFile, cassette, used: sharedPlayers().usedFiles(), isComplete }
  }

  /**
   * Waits for the recordings in flight and saves them; answers requests all the while.
   *
   * @param hasFailed whether a test or a hook of the file failed
   * @returns why the file has to fail, as `takeFailure` does
   */
  async flush(hasFailed = false): Promise<Error | undefined> {
    this.#judge(hasFailed)
    await this.#player.settle()
    return this.takeFailure()
  }

  /**
   * Ejects the cassette.
   *
   * @param hasFailed as `flush` was told; a file that nobody knows the outcome of counts as failed
   */
  async finish(hasFailed: boolean = this.#hasFailed): Promise<void> {
    if (open === this) open = undefined
    this.#judge(hasFailed)
    await this.#player.eject()
  }

  /** Takes back what was recorded outside of every test, where the file failed and that decides. */
  #judge(hasFailed: boolean): void {
    this.#hasFailed = hasFailed
    if (hasFailed && !this.#player.recordOnFailure) this.#player.discard(undefined)
  }
}

let open: TestFileSession | undefined
let isHeld = false

async function finishLeftover(): Promise<void> {
  const leftover = open
  sharedPlayers().forgetUsedFiles()
  try {
    await leftover?.finish()
  } catch (error) {
    process.emitWarning(`[cassette] ${leftover?.cassette}: ${String(error)}`)
  }
}

function holdNetwork(): void {
  if (!isHeld) sharedPlayers().hold()
  isHeld = true
}
