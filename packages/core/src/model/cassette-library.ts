import type { CassetteName } from './cassette-name.ts'
import type { Interaction } from './interaction.ts'
import type { StaleInteraction } from './present-names.ts'

/** Finds, adds, saves and reports the interactions of one cassette. */
export interface CassetteLibrary {
  /** Absolute path of the file or the directory. */
  readonly path: string
  /** Whether there is something to save. */
  readonly isDirty: boolean
  /**
   * What was found, until now, that other matchers named and that the present ones cannot name: no
   * request finds it.
   */
  readonly stale: readonly StaleInteraction[]
  /** The interactions of a name in recorded order; reads only what this needs. */
  find(name: CassetteName): readonly Interaction[]
  /** Every interaction, stale ones too, sorted by name, test and index; reads what is not yet read. */
  interactions(): readonly Interaction[]
  /** In the place of any with its name, test and index. */
  add(interaction: Interaction): void
  remove(interaction: Interaction): void
  /** Takes back a removal; others with its name, test and index stay. */
  giveBack(interaction: Interaction): void
  /** Where an interaction is kept, to tell a person: a file name, or its CassetteName. */
  locate(interaction: Interaction): string
  /** Absolute path of the file that holds an interaction. */
  fileOf(interaction: Interaction): string
  /**
   * Reads what a save will read, so that what cannot be saved need not be recorded.
   *
   * @throws CassetteDecodeError for a cassette that is broken anywhere
   */
  prepareToSave(): void
  /** Writes what changed, atomically, merged with what another process saved meanwhile. */
  save(): Promise<void>
}
