import type { Interaction } from '../../model/interaction.ts'
import type { Recording } from './recording.ts'

/** Something that is wrong with a recording or with a file. */
export interface Finding {
  /** Absolute path. */
  readonly file: string
  /**
   * `unreadable`: no run can read it. `stale`: no request finds it, and it cannot be named. `name`: it
   * is found only after it is renamed in memory. `file-name`: it is found only by reading the whole
   * directory. `secret`: something stands unredacted in it.
   */
  readonly kind: 'unreadable' | 'stale' | 'name' | 'file-name' | 'secret'
  /** What is wrong, as a sentence without its end. */
  readonly problem: string
  /** The name that is stored. */
  readonly name?: string
  /** Absent where the file cannot be read. */
  readonly recording?: Recording
  /** What may be told of the file's name and of the stored one, where these bear the secret. */
  readonly shown?: { readonly file: string; readonly name: string }
  /** Absolute path of the file that holds the recording since it was fixed. */
  readonly fixed?: string
}

/** A finding that can be mended. */
export interface FixableFinding extends Finding {
  readonly kind: 'name' | 'file-name' | 'secret'
  readonly recording: Recording
  /** What the recording has to be. */
  readonly present: Interaction
}
