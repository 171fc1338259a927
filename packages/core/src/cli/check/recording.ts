import type { Interaction } from '../../model/interaction.ts'

/** A recording and the file it is in. */
export interface Recording {
  /** Absolute path. */
  readonly file: string
  /** Of the file as it was read. */
  readonly digest: string
  readonly interaction: Interaction
}

/** A cassette as it stands on disk. */
export interface FoundCassette {
  /** Absolute path. */
  readonly path: string
  readonly kind: 'file' | 'directory'
  readonly recordings: readonly Recording[]
}
