import { dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { CassetteLibrary } from '../model/cassette-library.ts'
import type { CassetteName } from '../model/cassette-name.ts'
import type { Interaction } from '../model/interaction.ts'
import { replaceFile } from './atomic-write.ts'
import { cassetteDocument } from './cassette-document.ts'
import { withFileLock } from './file-lock.ts'
import { compareInteractions, slotOf } from './interaction-order.ts'
import type { PendingChanges } from './pending-changes.ts'
import { LazyCassette } from './lazy-cassette.ts'
import { digestOf, digestOfFile, readCassetteBytes } from './read-cassette-file.ts'
import { readLazyCassette } from './read-lazy-cassette.ts'
import { StoredCassetteLibrary } from './stored-cassette-library.ts'
import type { Withheld } from './withhold-secrets.ts'

/** All that the file holds, as this process read or wrote it. */
interface Whole {
  /** Absent where there is no file. */
  readonly digest?: string
  readonly interactions: readonly Interaction[]
}

/** A cassette that is one file. */
export class FileCassetteLibrary extends StoredCassetteLibrary implements CassetteLibrary {
  /** As it was read, until all of it is needed. */
  #cassette: LazyCassette | undefined
  readonly #taken = new Set<CassetteName>()
  #whole: Whole | undefined

  interactions(): readonly Interaction[] {
    this.#readWhole()
    return this.contents.all()
  }

  locate(interaction: Interaction): string {
    return this.contents.storedAs(interaction).name
  }

  fileOf(): string {
    return this.path
  }

  prepareToSave(): void {
    this.#readWhole()
  }

  protected read(name: CassetteName): void {
    if (this.#whole === undefined && !this.#taken.has(name)) this.#take(name)
    if (!this.contents.isSettled(name)) this.#readWhole()
  }

  protected get directory(): string {
    return dirname(this.path)
  }

  protected get leftovers(): undefined {
    return undefined
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
      // oxlint-disable-next-line no-await-in-loop -- once more for each process that was faster
      while (!changes.isEmpty && !(await this.#merge(changes)));
    } catch (error) {
      pending.putBack(changes)
      throw error
    }
    if (withheld !== undefined) throw withheld.error
  }

  /** @returns whether it is saved: not where another process wrote the file meanwhile */
  async #merge(changes: PendingChanges): Promise<boolean> {
    const known = this.#readWhole()
    const bytes = readCassetteBytes(this.path)
    const found = bytes && digestOf(bytes)
    const theirs =
      bytes === undefined || found === known.digest
        ? known.interactions
        : withKnown(new LazyCassette(this.path, this.encoder, bytes).all(), known.interactions)
    const interactions = merge(theirs, changes)
    // Before the lock is taken: many megabytes take seconds in which nothing tells other processes
    // that its owner lives, and so they would break it.
    const text = this.encoder.encode(cassetteDocument(interactions))
    const digest = digestOf(text)
    const isSaved = await withFileLock(this.path, async () => {
      if (digestOfFile(this.path) !== found) return false
      if (digest !== found) await replaceFile(this.path, text)
      return true
    })
    if (!isSaved) return false
    this.#whole = { digest, interactions }
    this.contents.restock(interactions)
    return true
  }

  #take(name: CassetteName): void {
    this.#cassette ??= readLazyCassette(this.path, this.encoder)
    const { fingerprint } = this.contents
    // What other matchers named may have any name now.
    if (this.#cassette?.mayBeTakenByName(fingerprint) !== true) this.#readWhole()
    else {
      this.contents.keep(this.#cassette.named(name))
      this.#taken.add(name)
    }
  }

  #readWhole(): Whole {
    if (this.#whole !== undefined) return this.#whole
    const cassette = this.#cassette ?? readLazyCassette(this.path, this.encoder)
    const interactions = cassette?.all() ?? []
    const whole =
      cassette === undefined ? { interactions } : { digest: cassette.digest, interactions }
    this.#whole = whole
    this.#cassette = undefined
    this.#taken.clear()
    this.contents.restock(interactions)
    this.contents.complete()
    return whole
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
