import { existedAtFirst } from '../player/first-insertion.ts'
import type { Player } from '../player/player.ts'
import { testCassettePath } from './cassette-path.ts'

/**
 * The players of one test file: one for the file and, with `cassettePer: 'test'`, one per test. Each
 * is opened when it is first asked for.
 */
export class FileCassettes {
  /** Absolute path of the file's cassette, below which those of its tests are. */
  readonly path: string
  /** Whether the file's was there when this process first came to it. */
  readonly isRecorded: boolean
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
    this.isRecorded = existedAtFirst(path)
  }

  /**
   * Says that a test begins: what it finds of its cassette is what counts, whenever the player is
   * opened.
   *
   * @throws CassettePathError where a file is and a directory must be, or the reverse
   */
  begin(test: string): void {
    if (this.#isPerTest) existedAtFirst(this.#pathOf(test))
  }

  /** The player that answers a test, or what is outside of all tests. */
  of(test: string | undefined): Player {
    const player = this.opened(test) ?? this.#open(this.#pathOf(test))
    this.#players.set(this.#keyOf(test), player)
    return player
  }

  /** The same, where it was asked for before. */
  opened(test: string | undefined): Player | undefined {
    return this.#players.get(this.#keyOf(test))
  }

  all(): readonly Player[] {
    return [...this.#players.values()]
  }

  #keyOf(test: string | undefined): string | undefined {
    return this.#isPerTest ? test : undefined
  }

  #pathOf(test: string | undefined): string {
    const key = this.#keyOf(test)
    return key === undefined ? this.path : testCassettePath(this.path, key)
  }
}
