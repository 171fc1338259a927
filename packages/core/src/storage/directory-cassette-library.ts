import { join } from 'node:path'
import type { CassetteLibrary } from '../model/cassette-library.ts'
import {
  cassetteFileName,
  type CassetteName,
  hashInFileName,
  hashInName,
} from '../model/cassette-name.ts'
import type { Interaction } from '../model/interaction.ts'
import { createFile, deleteFile, replaceFile } from './atomic-write.ts'
import { interactionDocument } from './cassette-document.ts'
import { DirectoryListing, placeInFileName } from './directory-listing.ts'
import { encoderOfPath } from './encoders.ts'
import { compareInteractions, slotOf } from './interaction-order.ts'
import { digestOf, readCassetteFile } from './read-cassette-file.ts'
import { StoredCassetteLibrary } from './stored-cassette-library.ts'
import type { Withheld } from './withhold-secrets.ts'

/** A removed interaction whose file still stands as it was read. */
interface Freed {
  readonly interaction: Interaction
  readonly fileName: string
  readonly digest: string
}

/** A cassette that is a directory with one file per interaction. */
export class DirectoryCassetteLibrary extends StoredCassetteLibrary implements CassetteLibrary {
  readonly #fileNames = new WeakMap<Interaction, string>()
  readonly #readNames = new Set<string>()
  #listing: DirectoryListing | undefined

  interactions(): readonly Interaction[] {
    this.#readWhole()
    return this.contents.all()
  }

  locate(interaction: Interaction): string {
    const stored = this.contents.storedAs(interaction)
    return this.#fileNames.get(stored) ?? this.#fileName(interaction, 1)
  }

  fileOf(interaction: Interaction): string {
    return join(this.path, this.locate(interaction))
  }

  prepareToSave(): void {
    // A save reads none but the files that it writes over.
  }

  protected read(name: CassetteName): void {
    this.#readAll(this.#list().withHash(hashInName(name)))
    // People rename files, and matchers change: what is asked for may be under any name.
    if (!this.contents.isSettled(name)) this.#readWhole()
  }

  protected get directory(): string {
    return this.path
  }

  protected get leftovers(): readonly string[] | undefined {
    return this.#listing?.leftovers
  }

  protected async write(): Promise<void> {
    const changes = this.contents.changes.take()
    let withheld: Withheld | undefined
    try {
      withheld = await this.withhold(changes, (interaction) => ({ file: this.fileOf(interaction) }))
      const wanted = new Set([...changes.added].map(slotOf))
      const freed = [...changes.removed].flatMap((interaction) => this.#free(interaction, wanted))
      for (const interaction of [...changes.added].toSorted(compareInteractions)) {
        // oxlint-disable-next-line no-await-in-loop -- later ones of a name take the next places
        await this.#store(interaction, this.#take(freed, interaction, wanted))
        changes.added.delete(interaction)
      }
      for (const { fileName } of freed) {
        // oxlint-disable-next-line no-await-in-loop -- what fails must not hide what is left to do
        await deleteFile(join(this.path, fileName))
        this.#list().delete(fileName)
      }
    } catch (error) {
      this.contents.changes.putBack(changes)
      throw error
    }
    if (withheld !== undefined) throw withheld.error
  }

  /** The file of a removed one, unless another process deleted it or put another recording there. */
  #free(interaction: Interaction, wanted: ReadonlySet<string>): Freed[] {
    const fileName = this.#fileNames.get(interaction)
    const found = fileName === undefined ? undefined : this.#readOne(fileName)
    if (fileName === undefined || found === undefined) return []
    const slot = slotOf(interaction)
    const isOurs =
      slotOf(found.interaction) === slot &&
      (wanted.has(slot) || found.interaction.recordedAt === interaction.recordedAt)
    return isOurs ? [{ interaction, fileName, digest: found.digest }] : []
  }

  /** Takes the freed file that an added one goes into: that of its slot, else one of its name. */
  #take(freed: Freed[], added: Interaction, wanted: ReadonlySet<string>): Freed | undefined {
    const usable = freed.filter(
      ({ interaction, fileName }) =>
        interaction.name === added.name && encoderOfPath(fileName) === this.encoder,
    )
    const found =
      usable.find(({ interaction }) => slotOf(interaction) === slotOf(added)) ??
      usable.find(({ interaction }) => !wanted.has(slotOf(interaction)))
    if (found !== undefined) freed.splice(freed.indexOf(found), 1)
    return found
  }

  async #store(interaction: Interaction, freed: Freed | undefined): Promise<void> {
    const text = this.encoder.encode(interactionDocument(interaction))
    if (freed === undefined) return this.#create(interaction, text)
    this.#fileNames.set(interaction, freed.fileName)
    if (digestOf(text) === freed.digest) return undefined
    return replaceFile(join(this.path, freed.fileName), text)
  }

  /** Takes the first free place, even where another process takes places at the same time. */
  async #create(interaction: Interaction, text: string): Promise<void> {
    const names = this.#list().withHash(hashInName(interaction.name))
    const taken = new Set(names.map(placeInFileName))
    let place = 1
    while (taken.has(place)) place += 1
    const fileName = this.#fileName(interaction, place)
    const isNew = await createFile(join(this.path, fileName), text)
    this.#list().add(fileName)
    this.#readNames.add(fileName)
    if (isNew) {
      this.#fileNames.set(interaction, fileName)
      return undefined
    }
    const theirs = this.#readOne(fileName)?.interaction
    if (theirs === undefined || slotOf(theirs) !== slotOf(interaction)) {
      if (theirs !== undefined) {
        this.#fileNames.set(theirs, fileName)
        this.contents.keep([theirs])
      }
      return this.#create(interaction, text)
    }
    // The same request was recorded twice at once; the file that came first stays.
    this.#fileNames.set(interaction, fileName)
    return undefined
  }

  #list(): DirectoryListing {
    this.#listing ??= new DirectoryListing(this.path)
    return this.#listing
  }

  #readWhole(): void {
    this.#readAll(this.#list().all())
    this.contents.complete()
  }

  #readAll(fileNames: readonly string[]): void {
    const unread = fileNames.filter((fileName) => !this.#readNames.has(fileName))
    if (unread.length === 0) return
    const read: Interaction[] = []
    try {
      for (const fileName of unread) {
        const interaction = this.#readOne(fileName)?.interaction
        this.#readNames.add(fileName)
        if (interaction === undefined) continue
        this.#fileNames.set(interaction, fileName)
        read.push(interaction)
      }
    } finally {
      this.contents.keep(read)
    }
  }

  /** @returns `undefined` where the file is gone or is none of this cassette's */
  #readOne(fileName: string): { interaction: Interaction; digest: string } | undefined {
    const file = readCassetteFile(join(this.path, fileName))
    if (file === undefined) return undefined
    const { digest, document } = file
    if (document.kind === 'interaction') return { interaction: document.interactions[0]!, digest }
    const isRecording = hashInFileName(fileName.toLowerCase()) !== undefined
    if (document.kind === 'foreign' && isRecording) throw document.error
    return undefined
  }

  #fileName({ name }: Interaction, place: number): string {
    return cassetteFileName(name, place, this.encoder.extensions[0])
  }
}
