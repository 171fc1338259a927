import { inspect, type InspectOptions } from 'node:util'
import type { MissReason } from '../miss-reason.ts'
import { colourDiff } from './colour-diff.ts'

/** A recording that comes near a request that has none. */
export interface NearRecording {
  readonly method: string
  /** Redacted. */
  readonly url: string
  /** Where it is kept: a file name of a directory cassette, a CassetteName of a file cassette. */
  readonly location: string
  /** Names of the matchers that tell it from the request. */
  readonly differs: readonly string[]
}

/** What a miss knows of the request and of the cassette that had no answer. */
export interface Miss {
  readonly method: string
  /** Redacted. */
  readonly url: string
  readonly reason: MissReason
  /** Path of the cassette; absent where no cassette could be told for the request. */
  readonly path?: string
  /** The recordings that come nearest, the nearest first, at most three. */
  readonly nearest?: readonly NearRecording[]
  /** The whole explanation: request, remedy, cassette, nearest recordings. */
  readonly message: string
}

/**
 * A request that no recording answers and that the mode forbids to record: a miss. Its message is
 * plain text; `console.log` and whatever else prints it by `util.inspect` colours the differences
 * where Node says that the terminal has colours (`NO_COLOR`, `FORCE_COLOR`).
 */
export class UnhandledRequestError extends Error {
  override readonly name = 'UnhandledRequestError' as const
  readonly code = 'ERR_CASSETTE_UNHANDLED_REQUEST'
  readonly #miss: Miss

  constructor(miss: Miss) {
    super(miss.message)
    // Its frames would be Cassette's own and the engine's, and runners would show that code.
    this.stack = `${this.name}: ${miss.message}`
    this.#miss = miss
    const print = (_depth: number, { colors = false }: InspectOptions): string => {
      const text = this.stack ?? this.message
      return colors ? colourDiff(text) : text
    }
    Object.defineProperty(this, inspect.custom, { value: print })
  }

  get method(): string {
    return this.#miss.method
  }

  /** Redacted. */
  get url(): string {
    return this.#miss.url
  }

  get reason(): MissReason {
    return this.#miss.reason
  }

  /** Path of the cassette; absent where no cassette could be told for the request. */
  get path(): string | undefined {
    return this.#miss.path
  }

  /** The recordings that come nearest, the nearest first, at most three. */
  get nearest(): readonly NearRecording[] {
    return this.#miss.nearest ?? []
  }

  /**
   * Its first line. SDKs look into this text of a cause for words such as "timeout", which a diff
   * may well hold, and then report a timeout.
   */
  override toString(): string {
    return `${this.name}: ${this.message.split('\n', 1)[0]}`
  }

  /** What logs and Vitest print of it beside its message, which tells of the recordings. */
  toJSON(): Record<string, unknown> {
    const { name, code, reason, method, url, path, message } = this
    return { name, code, reason, method, url, path, message }
  }
}
