import { AsyncLocalStorage } from 'node:async_hooks'
import { UnhandledRequestError } from '../model/errors/unhandled-request-error.ts'
import type { Answer, Interceptor, RequestHandler, RequestHead } from '../model/interceptor.ts'

/** What the network needs to know of a player. */
export interface ActivePlayer {
  readonly isInserted: boolean
  eject(): Promise<void>
  /** Called at the request, synchronously; returns how it is answered, `undefined` to let it go. */
  answerTo(head: RequestHead): Answer | undefined
}

/**
 * Which player answers a request of this process: the innermost `play` whose async context it was
 * made in, else the one inserted last. Takes over the network while there is any.
 */
export class ActivePlayers {
  /** Absolute paths of the files that ejected players used, until somebody clears them. */
  readonly usedFiles: Set<string> = new Set()
  readonly #interceptor: Interceptor
  readonly #context = new AsyncLocalStorage<ActivePlayer | 'passthrough'>()
  readonly #inserted: ActivePlayer[] = []
  #playing = 0
  #holders = 0

  constructor(interceptor: Interceptor) {
    this.#interceptor = interceptor
  }

  /** The player that was inserted last and is not ejected yet. */
  get top(): ActivePlayer | undefined {
    return this.#inserted.at(-1)
  }

  /** Puts a player on top for the whole process, until `remove`. */
  insert(player: ActivePlayer): void {
    this.#inserted.push(player)
  }

  remove(player: ActivePlayer): void {
    const at = this.#inserted.lastIndexOf(player)
    if (at >= 0) this.#inserted.splice(at, 1)
  }

  /** Runs a function in whose async context, and nowhere else, the player answers. */
  async play<Result>(player: ActivePlayer, run: () => Result | Promise<Result>): Promise<Result> {
    this.#playing += 1
    try {
      return await this.#context.run(player, async () => run())
    } finally {
      this.#playing -= 1
    }
  }

  /** Runs a function in whose async context no player answers. */
  passthrough<Result>(run: () => Result): Result {
    return this.#context.run('passthrough', run)
  }

  /**
   * Keeps the network taken over until the returned function is called; then every function that
   * was patched is given back, unless somebody else still holds it.
   */
  hold(): () => void {
    if (this.#holders === 0) this.#interceptor.apply(this.#handle)
    this.#holders += 1
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      this.#holders -= 1
      if (this.#holders === 0) this.#interceptor.dispose()
    }
  }

  readonly #handle: RequestHandler = (head) => {
    const context = this.#context.getStore()
    if (context === 'passthrough') return undefined
    if (context?.isInserted === true) return context.answerTo(head)
    if (this.top !== undefined) return this.top.answerTo(head)
    return this.#playing > 0 ? refuseStray : undefined
  }
}

// Only `play` calls run, and the request was made in the context of none of them: it could belong
// to any, and a guess could put it into a wrong cassette.
const refuseStray: Answer = async (exchange) => {
  const { method, url } = exchange
  const message =
    `No cassette for ${method} ${url.split('?', 1)[0]}: the request was made outside of every ` +
    'running play(). Make it inside, use insert() to answer for the whole process, or ' +
    'passthrough() to let it go.'
  exchange.fail(new UnhandledRequestError({ method, url, message }))
}
