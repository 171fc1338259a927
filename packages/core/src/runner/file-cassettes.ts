import type { Player } from '../player/player.ts'
import { testCassettePath } from './cassette-path.ts'

/** The players of one test file: one for the file and, with `cassettePer: 'test'`, one per test. */
export class FileCassettes {
  /** Absolute path of the file's cassette, below which those of its tests are. */
  readonly path: string
  readonly #players = new Map<string | undefined, Player>()
  readonly #isPerTest: boolean
  readonly #open: (path: string) => Player

  /**
   * @param isPerTest whether every test has a cassette of its own
   * @param open opens a player
   */
  constructor(path: string, isPerTest: boolean, open: (path: string) => Player) {
    this.path = path
    this.#isPerTest = isPerTest
    this.#open = open
    // What is wrong with the options shows before the first request.
    this.of(undefined)
  }

  /** The player that answers a test, or what is outside of all tests. */
  of(test: string | undefined): Player {
    const key = this.#isPerTest ? test : undefined
    const path = key === undefined ? this.path : testCassettePath(this.path, key)
    const player = this.#players.get(key) ?? this.#open(path)
    this.#players.set(key, player)
    return player
  }

  all(): readonly Player[] {
    return [...this.#players.values()]
  }
}
