import { bodyText } from '../model/body.ts'
import type { CassetteLibrary } from '../model/cassette-library.ts'
import type { Interaction } from '../model/interaction.ts'
import { placeholdersIn } from '../model/redaction/placeholder.ts'
import { Numbering } from '../model/redaction/placeholders.ts'
import type { LiveOutcome } from './live-outcome.ts'

/** What this process remembers of one cassette, however often it is inserted. */
export class RunMemory {
  /** Values that responses handed out, with their placeholders. */
  readonly handedOut: Numbering = new Numbering()
  readonly #existed: boolean
  readonly #recorded = new Set<string>()
  readonly #noted = new WeakSet<Interaction>()
  readonly #live = new Map<string, LiveOutcome>()
  #startedEmpty: boolean | undefined
  #hasExpired = false

  /** @param existed whether there was such a cassette when it was first inserted */
  constructor(existed: boolean) {
    this.#existed = existed
  }

  /** Whether the cassette held nothing when this run first inserted it. */
  startedEmpty(library: CassetteLibrary): boolean {
    this.#startedEmpty ??=
      !this.#existed || library.interactions().every((one) => this.#recorded.has(keyOf(one)))
    return this.#startedEmpty
  }

  /** @param live what came, with its secrets, where redaction took any out */
  remember(interaction: Interaction, live?: LiveOutcome): void {
    this.#recorded.add(keyOf(interaction))
    if (live !== undefined) this.#live.set(keyOf(interaction), live)
  }

  /**
   * Keeps the placeholders of a stored response from being given again: what this run records beside
   * it must not be taken for what it handed out.
   */
  noteReplayed(interaction: Interaction): void {
    const { response } = interaction
    if (response === undefined || this.#noted.has(interaction)) return
    this.#noted.add(interaction)
    const values = [...response.headers, ...(response.trailers ?? [])].map(([, value]) => value)
    const text = [...values, bodyText(response.body) ?? ''].join('\n')
    for (const given of placeholdersIn(text)) this.handedOut.take(given)
  }

  /** Whether this is the first time that a recording of the cassette is told to be too old. */
  isFirstExpired(): boolean {
    const isFirst = !this.#hasExpired
    this.#hasExpired = true
    return isFirst
  }

  wasRecorded(interaction: Interaction): boolean {
    return this.#recorded.has(keyOf(interaction))
  }

  /** What came, with its secrets, where this process recorded it. */
  live(interaction: Interaction): LiveOutcome | undefined {
    return this.#live.size === 0 ? undefined : this.#live.get(keyOf(interaction))
  }
}

const memories = new Map<string, RunMemory>()

/**
 * The memory of a cassette.
 *
 * @param path absolute
 * @param existed asked at the first insertion alone
 */
export function runMemory(path: string, existed: boolean): RunMemory {
  const memory = memories.get(path) ?? new RunMemory(existed)
  memories.set(path, memory)
  return memory
}

// A library that is opened again decodes the same recording to another object.
function keyOf({ name, test, index, recordedAt }: Interaction): string {
  return JSON.stringify([name, test, index, recordedAt])
}
