import { isDeepStrictEqual } from 'node:util'
import type { CassetteLibrary } from '../model/cassette-library.ts'
import type { CassetteName } from '../model/cassette-name.ts'
import type { Encoder } from '../model/encoder.ts'
import { CassetteDecodeError } from '../model/errors/cassette-decode-error.ts'
import type { Interaction } from '../model/interaction.ts'
import type { SecretScanner } from '../model/secret-scanner.ts'
import { replaceFile } from './atomic-write.ts'
import { cassetteDocument } from './cassette-document.ts'
import { withFileLock } from './file-lock.ts'
import { InteractionIndex } from './interaction-index.ts'
import { compareInteractions, slotOf } from './interaction-order.ts'
import { PendingChanges } from './pending-changes.ts'
import { digestOf, readCassetteFile } from './read-cassette-file.ts'
import { Turns } from './turns.ts'
import { withholdSecrets, type Withheld } from './withhold-secrets.ts'

interface Stored {
  /** Absent where there is no file. */
  readonly digest?: string
  readonly interactions: readonly Interaction[]
}

/** A cassette that is one file. */
export class FileCassetteLibrary implements CassetteLibrary {
  readonly path: string
  readonly #encoder: Encoder
  readonly #scanner: SecretScanner | undefined
  readonly #changes = new PendingChanges()
  readonly #saves = new Turns()
  #stored: Stored | undefined
  #index: InteractionIndex | undefined

  /** @param path absolute */
  constructor(path: string, encoder: Encoder, scanner?: SecretScanner) {
    this.path = path
    this.#encoder = encoder
    this.#scanner = scanner
  }

  get isDirty(): boolean {
    return !this.#changes.isEmpty || !this.#saves.isIdle
  }

  find(name: CassetteName): readonly Interaction[] {
    return this.#load().get(name)
  }

  interactions(): readonly Interaction[] {
    return this.#load().all()
  }

  add(interaction: Interaction): void {
    const index = this.#load()
    for (const replaced of index.inSlotOf(interaction)) this.remove(replaced)
    index.add(interaction)
    this.#changes.add(interaction)
  }

  remove(interaction: Interaction): void {
    if (this.#load().delete(interaction)) this.#changes.remove(interaction)
  }

  locate({ name }: Interaction): string {
    return name
  }

  fileOf(): string {
    return this.path
  }

  save(): Promise<void> {
    return this.#saves.run(() => this.#write())
  }

  async #write(): Promise<void> {
    if (this.#changes.isEmpty) return
    const changes = this.#changes.take()
    let withheld: Withheld | undefined
    try {
      withheld = await this.#withhold(changes)
      if (!changes.isEmpty) await withFileLock(this.path, () => this.#merge(changes))
    } catch (error) {
      this.#changes.putBack(changes)
      throw error
    }
    if (withheld !== undefined) throw withheld.error
  }

  async #withhold(changes: PendingChanges): Promise<Withheld | undefined> {
    const withheld = await withholdSecrets(changes, this.#scanner, ({ name }) => ({
      file: this.path,
      within: `interactions["${name}"]`,
    }))
    for (const interaction of withheld?.added ?? []) this.#load().delete(interaction)
    for (const interaction of withheld?.removed ?? []) this.#load().add(interaction)
    return withheld
  }

  async #merge(changes: PendingChanges): Promise<void> {
    const current = this.#read()
    const known = this.#stored?.interactions ?? []
    const isKnown = current.digest === this.#stored?.digest
    const theirs = isKnown ? known : withKnown(current.interactions, known)
    const interactions = merge(theirs, changes)
    const text = this.#encoder.encode(cassetteDocument(interactions))
    const digest = digestOf(text)
    if (digest !== current.digest) await replaceFile(this.path, text)
    this.#stored = { digest, interactions }
    this.#index = withChanges(interactions, this.#changes)
  }

  #load(): InteractionIndex {
    this.#stored ??= this.#read()
    this.#index ??= new InteractionIndex(this.#stored.interactions)
    return this.#index
  }

  #read(): Stored {
    const file = readCassetteFile(this.path, this.#encoder)
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

function withChanges(
  interactions: readonly Interaction[],
  { added, removed }: PendingChanges,
): InteractionIndex {
  const index = new InteractionIndex(interactions)
  for (const interaction of removed) index.delete(interaction)
  for (const interaction of added) index.add(interaction)
  return index
}
