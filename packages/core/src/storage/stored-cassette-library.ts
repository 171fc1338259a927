import type { Encoder } from '../model/encoder.ts'
import type { Interaction } from '../model/interaction.ts'
import type { MatcherSet } from '../model/matcher-set.ts'
import type { StaleInteraction } from '../model/present-names.ts'
import { LibraryContents } from './library-contents.ts'
import { Turns } from './turns.ts'

/** What file and directory cassettes have in common. */
export abstract class StoredCassetteLibrary {
  readonly path: string
  protected readonly encoder: Encoder
  protected readonly contents: LibraryContents
  readonly #saves = new Turns()

  /**
   * @param path absolute
   * @param matchers in force; without them every interaction keeps the name it is stored by
   */
  constructor(path: string, encoder: Encoder, matchers?: MatcherSet) {
    this.path = path
    this.encoder = encoder
    this.contents = new LibraryContents(matchers)
  }

  get isDirty(): boolean {
    return !this.contents.changes.isEmpty || !this.#saves.isIdle
  }

  get stale(): readonly StaleInteraction[] {
    return this.contents.stale
  }

  remove(interaction: Interaction): void {
    this.contents.remove(interaction)
  }

  save(): Promise<void> {
    return this.#saves.run(() => this.write())
  }

  protected abstract write(): Promise<void>
}
