import type { CassetteName } from '../model/cassette-name.ts'
import type { Encoder } from '../model/encoder.ts'
import type { Interaction } from '../model/interaction.ts'
import type { MatcherSet } from '../model/matcher-set.ts'
import type { StaleInteraction } from '../model/present-names.ts'
import type { Destination, SecretScanner } from '../model/secret-scanner.ts'
import { removeLeftovers } from './leftovers.ts'
import { LibraryContents } from './library-contents.ts'
import type { PendingChanges } from './pending-changes.ts'
import { Turns } from './turns.ts'
import { withholdSecrets, type Withheld } from './withhold-secrets.ts'

/** What file and directory cassettes have in common. */
export abstract class StoredCassetteLibrary {
  readonly path: string
  protected readonly encoder: Encoder
  protected readonly contents: LibraryContents
  readonly #saves = new Turns()
  /** Those of a name that nothing which is not read yet can change. */
  readonly #settled = new WeakSet<readonly Interaction[]>()
  readonly #scanner: SecretScanner | undefined

  /**
   * @param path absolute
   * @param matchers in force; without them every interaction keeps the name it is stored by
   * @param scanner has a last look at what is new before it is written
   */
  constructor(path: string, encoder: Encoder, matchers?: MatcherSet, scanner?: SecretScanner) {
    this.path = path
    this.encoder = encoder
    this.contents = new LibraryContents(matchers)
    this.#scanner = scanner
  }

  get isDirty(): boolean {
    return !this.contents.changes.isEmpty || !this.#saves.isIdle
  }

  get stale(): readonly StaleInteraction[] {
    return this.contents.stale
  }

  find(name: CassetteName): readonly Interaction[] {
    const known = this.contents.get(name)
    if (this.#settled.has(known)) return known
    this.read(name)
    const found = this.contents.get(name)
    this.#settled.add(found)
    return found
  }

  add(interaction: Interaction): void {
    this.find(interaction.name)
    this.contents.add(interaction)
  }

  giveBack(interaction: Interaction): void {
    this.find(interaction.name)
    this.contents.giveBack(interaction)
  }

  remove(interaction: Interaction): void {
    this.contents.remove(interaction)
  }

  save(): Promise<void> {
    return this.#saves.run(async () => {
      // A run that has nothing to write cleans up as well.
      const sweep = removeLeftovers(this.directory, this.leftovers)
      await this.write()
      await sweep
    })
  }

  /** Takes in all that is stored under a name, or may be. */
  protected abstract read(name: CassetteName): void

  /** Where its files are. */
  protected abstract get directory(): string

  /** Temporary files in there, where it was listed already. */
  protected abstract get leftovers(): readonly string[] | undefined

  protected abstract write(): Promise<void>

  /** Takes out of changes what must not be written. */
  protected async withhold(
    changes: PendingChanges,
    destinationOf: (interaction: Interaction) => Destination,
  ): Promise<Withheld | undefined> {
    const withheld = await withholdSecrets(changes, this.#scanner, destinationOf)
    if (withheld !== undefined) this.contents.undo(withheld.added, withheld.removed)
    return withheld
  }
}
