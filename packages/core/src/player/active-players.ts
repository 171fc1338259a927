import { AsyncLocalStorage } from 'node:async_hooks'
import { OptionError } from '../model/errors/option-error.ts'
import { UnhandledRequestError } from '../model/errors/unhandled-request-error.ts'
import { storedRequest } from '../model/stored-request.ts'
import type { Claim, Interceptor, RequestHandler, RequestHead } from '../model/interceptor.ts'
import { Redactor } from '../model/redaction/redactor.ts'

/** What the network needs to know of a player. */
export interface ActivePlayer {
  readonly isInserted: boolean
  readonly isEjecting: boolean
  eject(): Promise<void>
  /** Absolute paths of the files that hold what was recorded or replayed. */
  usedFiles(): readonly string[]
  /** Called when a request is made. */
  claim(): Claim
}

/**
 * Which player answers a request of this process: the innermost `play` whose async context it was
 * made in, else the one inserted last, else whom a test runner names. Takes over the network while
 * there is any.
 */
export class ActivePlayers {
  /** A test runner's say about the requests that no player of this stack answers. */
  runner: RequestHandler | undefined
  #usedFiles = new Set<string>()
  /** Where is noted what a player used: it may end when the next test file has begun. */
  readonly #notedIn = new WeakMap<ActivePlayer, Set<string>>()
  readonly #interceptor: Interceptor
  readonly #context = new AsyncLocalStorage<ActivePlayer | 'passthrough'>()
  readonly #inserted: ActivePlayer[] = []
  readonly #playing = new Set<ActivePlayer>()
  #holders = 0

  constructor(interceptor: Interceptor) {
    this.#interceptor = interceptor
  }

  /** The player that was inserted last and is not ejected yet. */
  get top(): ActivePlayer | undefined {
    return this.#inserted.findLast((player) => !player.isEjecting)
  }

  /**
   * Absolute paths of the files that were used by players which began since the last call of
   * `forgetUsedFiles`.
   */
  usedFiles(): readonly string[] {
    const active = [...this.#inserted, ...this.#playing]
      .filter((player) => this.#notedIn.get(player) === this.#usedFiles)
      .flatMap((player) => player.usedFiles())
    return [...new Set([...this.#usedFiles, ...active])].toSorted()
  }

  forgetUsedFiles(): void {
    this.#usedFiles = new Set()
  }

  /** Puts a player on top for the whole process, until `remove`. */
  insert(player: ActivePlayer): void {
    this.#inserted.push(player)
    this.#notedIn.set(player, this.#usedFiles)
  }

  /** Takes every inserted player off the stack, at once; they still have to be ejected. */
  takeInserted(): readonly ActivePlayer[] {
    return this.#inserted.splice(0)
  }

  /** Remembers what a player used, when it is done. */
  noteUsedFiles(player: ActivePlayer): void {
    const noted = this.#notedIn.get(player)
    if (noted === undefined) return
    for (const file of player.usedFiles()) noted.add(file)
  }

  remove(player: ActivePlayer): void {
    this.#playing.delete(player)
    const at = this.#inserted.lastIndexOf(player)
    if (at >= 0) this.#inserted.splice(at, 1)
  }

  /**
   * Runs a function in whose async context, and nowhere else, the player answers until `remove`.
   *
   * @throws OptionError where it is no function
   */
  async play<Result>(player: ActivePlayer, run: () => Result | Promise<Result>): Promise<Result> {
    if (typeof run !== 'function') throw new OptionError('run', run, 'a function')
    this.#playing.add(player)
    this.#notedIn.set(player, this.#usedFiles)
    return this.#context.run(player, async () => run())
  }

  /**
   * Runs a function in whose async context no player answers.
   *
   * @throws OptionError where it is no function
   */
  passthrough<Result>(run: () => Result): Result {
    if (typeof run !== 'function') throw new OptionError('run', run, 'a function')
    return this.#context.run('passthrough', run)
  }

  /**
   * Keeps the network taken over until the returned function is called; then every function that
   * was patched is given back, unless somebody else still holds it, and connections are renewed.
   */
  hold(): () => Promise<void> {
    if (this.#holders === 0) this.#interceptor.apply(this.#handle)
    this.#holders += 1
    let isHeld = true
    return async () => {
      if (!isHeld) return
      isHeld = false
      // Before: undici connects again where a request was aborted.
      await this.renewConnections()
      this.#holders -= 1
      if (this.#holders === 0) this.#interceptor.dispose()
    }
  }

  /** Keeps connections that were opened in an async context from the requests of the next one. */
  async renewConnections(): Promise<void> {
    await this.#interceptor.renew()
  }

  readonly #handle: RequestHandler = (isLate) => {
    const context = this.#context.getStore()
    if (this.#areSeveral(context) && isLate?.() === true) return late
    if (context === 'passthrough') return undefined
    if (context?.isInserted === true) return context.claim()
    const last = this.#inserted.at(-1)
    if (last !== undefined) return last.claim()
    if (this.runner !== undefined) return this.runner(isLate)
    if (this.#playing.size === 0) return undefined
    return isLate?.() === true ? late : stray
  }

  // Whether a request that was made late, perhaps in the context of another, could belong elsewhere.
  #areSeveral(context: ActivePlayer | 'passthrough' | undefined): boolean {
    const outside = this.#inserted.length > 0 || this.runner !== undefined ? 1 : 0
    const passing = context === 'passthrough' ? 1 : 0
    return this.#playing.size + outside + passing > 1
  }
}

// Such requests could belong to any player, and a guess could put them into a wrong cassette.
const stray = refusal(
  'the request was made outside of every running play(). ' +
    'Make it inside, use insert() to answer for the whole process, or passthrough() to let it go.',
)
const late = refusal(
  'it waited in the queue of an undici pool with limited `connections`, which does not tell in ' +
    'which play() or passthrough() it was made. Give each a pool of its own, leave `connections` ' +
    'out, or use undici 8, which does tell.',
)

function refusal(why: string): Claim {
  const refuse = (head: RequestHead): UnhandledRequestError => {
    const { method, url } = new Redactor().request(storedRequest(head, Buffer.alloc(0)))
    const message = `No cassette for ${method} ${url}: ${why}`
    return new UnhandledRequestError({ method, url, reason: 'no player', message })
  }
  return {
    drop() {},
    refuse,
    async answer(exchange) {
      exchange.fail(refuse(exchange))
    },
  }
}
