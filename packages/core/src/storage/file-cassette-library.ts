import { dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { CassetteLibrary } from '../model/cassette-library.ts'
import type { CassetteName } from '../model/cassette-name.ts'
import { CassetteDecodeError } from '../model/errors/cassette-decode-error.ts'
import type { Interaction } from '../model/interaction.ts'
import { replaceFile } from './atomic-write.ts'
import { cassetteDocument } from './cassette-document.ts'
import { withFileLock } from './file-lock.ts'
import { compareInteractions, slotOf } from './interaction-order.ts'
import type { LibraryContents } from './library-contents.ts'
import type { PendingChanges } from './pending-changes.ts'
import { digestOf, readCassetteFile } from './read-cassette-file.ts'
import { StoredCassetteLibrary } from './stored-cassette-library.ts'
import type { Withheld } from './withhold-secrets.ts'

interface Stored {
  /** Absent where there is no file. */
  readonly digest?: string
  readonly interactions: readonly Interaction[]
}

/** A cassette that is one file. */
export class FileCassetteLibrary extends StoredCassetteLibrary implements CassetteLibrary {
  #stored: Stored | undefined

  find(name: CassetteName): readonly Interaction[] {
    return this.#load().get(name)
  }

  interactions(): readonly Interaction[] {
    return this.#load().all()
  }

  add(interaction: Interaction): void {
    this.#load().add(interaction)
  }

  locate(interaction: Interaction): string {
    return this.contents.storedAs(interaction).name
  }

  fileOf(): string {
    return this.path
  }

  protected get directory(): string {
    return dirname(this.path)
  }

  protected async write(): Promise<void> {
    const { changes: pending } = this.contents
    if (pending.isEmpty) return
    const changes = pending.take()
    let withheld: Withheld | undefined
    try {
      withheld = await this.withhold(changes, ({ name }) => ({
        file: this.path,
        within: `interactions["${name}"]`,
      }))
      if (!changes.isEmpty) await withFileLock(this.path, () => this.#merge(changes))
    } catch (error) {
      pending.putBack(changes)
      throw error
    }
    if (withheld !== undefined) throw withheld.error
  }

  async #merge(changes: PendingChanges): Promise<void> {
    const current = this.#read()
    const known = this.#stored?.interactions ?? []
    const isKnown = current.digest === this.#stored?.digest
    const theirs = isKnown ? known : withKnown(current.interactions, known)
    const interactions = merge(theirs, changes)
    const text = this.encoder.encode(cassetteDocument(interactions))
    const digest = digestOf(text)
    if (digest !== current.digest) await replaceFile(this.path, text)
    this.#stored = { digest, interactions }
    this.contents.restock(interactions)
  }

  #load(): LibraryContents {
    if (this.#stored === undefined) {
      this.#stored = this.#read()
      this.contents.restock(this.#stored.interactions)
      this.contents.complete()
    }
    return this.contents
  }

  #read(): Stored {
    const file = readCassetteFile(this.path, this.encoder)
    if (file === undefined) return { interactions: [] }
    const { digest, document } = file
    if (document.kind === 'foreign') throw document.error
    if (document.kind === 'cassette') return { digest, interactions: document.interactions }
    throw new CassetteDecodeError(
      this.path,
      'it holds one interaction, as the files of a directory do, and not a whole cassette',
      { remedy: 'Give the path of its directory.' },
    )
  }
}

/** What another process wrote, with the very objects that this one has already given away. */
function withKnown(
  theirs: readonly Interaction[],
  known: readonly Interaction[],
): readonly Interaction[] {
  const bySlot = new Map(known.map((interaction) => [slotOf(interaction), interaction]))
  return theirs.map((interaction) => {
    const ours = bySlot.get(slotOf(interaction))
    return isDeepStrictEqual(ours, interaction) ? ours! : interaction
  })
}

/** What stands in the file, without what was removed or replaced, and with what was added. */
function merge(
  theirs: readonly Interaction[],
  { added, removed }: PendingChanges,
): readonly Interaction[] {
  const ours = new Set([...added].map(slotOf))
  const kept = theirs.filter((one) => !removed.has(one) && !ours.has(slotOf(one)))
  return [...kept, ...added].toSorted(compareInteractions)
}
