import type { CassetteName } from '../model/cassette-name.ts'
import type { Encoder } from '../model/encoder.ts'
import { CassetteDecodeError } from '../model/errors/cassette-decode-error.ts'
import type { Interaction } from '../model/interaction.ts'
import { cutCassette, type Piece } from './cut-cassette.ts'
import { decodeInteraction } from './decode-interaction.ts'
import { flatCopy } from './flat-copy.ts'
import { Field } from './field.ts'
import { decodeCassetteBytes, digestOf } from './read-cassette-file.ts'
import { tooManyFrom } from './too-many-values.ts'

/** A place in the list of interactions. */
interface Entry {
  readonly piece: Piece
  interaction: Interaction | undefined
}

/**
 * What a file with a whole cassette held when it was read. Where it has the form that Cassette
 * writes, an interaction is parsed and checked when it is first asked for; else all are at once.
 */
export class LazyCassette {
  readonly #path: string
  readonly #encoder: Encoder
  readonly #entries: readonly Entry[]
  readonly #byName: ReadonlyMap<CassetteName, readonly Entry[]>
  /** Until all is decoded. */
  #bytes: Buffer | undefined
  #digest: string | undefined
  #undecoded: number
  #fingerprints: ReadonlySet<string> | undefined
  #all: readonly Interaction[] | undefined

  /** @throws CassetteDecodeError for a file in another form that is broken */
  constructor(path: string, encoder: Encoder, bytes: Buffer, digest?: string) {
    this.#path = path
    this.#encoder = encoder
    this.#bytes = bytes
    this.#digest = digest
    const pieces = cutCassette(bytes, encoder.format)
    this.#entries = pieces?.map((piece) => ({ piece, interaction: undefined })) ?? []
    this.#undecoded = this.#entries.length
    this.#byName = Map.groupBy(this.#entries, ({ piece }) => piece.name)
    if (pieces === undefined) this.#keepAll(this.#decodeWhole(bytes))
  }

  /** What tells the content of the file from another. */
  get digest(): string {
    this.#digest ??= digestOf(this.#bytes!)
    return this.#digest
  }

  /**
   * Whether interactions can be taken one by one: not all are decoded yet, and none was named by
   * other matchers.
   *
   * @param fingerprint of the matchers in force; absent where every name counts as it stands
   */
  mayBeTakenByName(fingerprint: string | undefined): boolean {
    if (this.#all !== undefined) return false
    this.#fingerprints ??= new Set(this.#entries.map(({ piece }) => piece.matchOn))
    if (fingerprint === undefined) return true
    return this.#fingerprints.size === 1 && this.#fingerprints.has(fingerprint)
  }

  /**
   * The interactions that are stored under a name, in the order of the file.
   *
   * @throws CassetteDecodeError where one of them is broken
   */
  named(name: CassetteName): readonly Interaction[] {
    const entries = this.#byName.get(name) ?? []
    const found = entries.map((entry) => this.#decode(entry))
    if (this.#undecoded === 0) this.all()
    return found.every((one) => one !== undefined)
      ? found
      : this.all().filter((interaction) => interaction.name === name)
  }

  /**
   * Every interaction, in the order of the file.
   *
   * @throws CassetteDecodeError where one of them is broken
   */
  all(): readonly Interaction[] {
    if (this.#all !== undefined) return this.#all
    const bytes = this.#bytes!
    const decoded = this.#entries.map((entry) => this.#decode(entry))
    const isWhole = decoded.every((one) => one !== undefined)
    return this.#keepAll(isWhole ? decoded : this.#decodeWhole(bytes))
  }

  #keepAll(all: readonly Interaction[]): readonly Interaction[] {
    this.#digest ??= digestOf(this.#bytes!)
    this.#bytes = undefined
    this.#all = all
    return all
  }

  /** @returns `undefined` where it is broken: what is wrong, and where, the whole file tells */
  #decode(entry: Entry): Interaction | undefined {
    const { name, start, end } = entry.piece
    if (entry.interaction !== undefined || this.#bytes === undefined) return entry.interaction
    const bytes = this.#bytes.subarray(start, end)
    if (tooManyFrom(bytes) !== undefined) return undefined
    try {
      const value = this.#encoder.decode(bytes.toString())
      // In YAML a piece is a list.
      const items: readonly unknown[] = Array.isArray(value) ? value : [value]
      const interaction = decodeInteraction(new Field(this.#path, '', items[0]))
      if (items.length !== 1 || interaction.name !== name) return undefined
      entry.interaction = this.#encoder.format === 'yaml' ? flatCopy(interaction) : interaction
      this.#undecoded -= 1
      return entry.interaction
    } catch {
      return undefined
    }
  }

  #decodeWhole(bytes: Buffer): readonly Interaction[] {
    const document = decodeCassetteBytes(this.#path, this.#encoder, bytes)
    if (document.kind === 'foreign') throw document.error
    if (document.kind === 'cassette') return document.interactions
    const problem =
      'it holds one interaction, as the files of a directory do, and not a whole cassette'
    const remedy = 'Give the path of its directory.'
    throw new CassetteDecodeError(this.#path, problem, { remedy })
  }
}
