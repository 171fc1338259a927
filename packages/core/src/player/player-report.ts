/** What became of a cassette's interactions while a player had it inserted. */
export interface PlayerReport {
  /** Where each is kept: file names of a directory cassette, CassetteNames of a file cassette; sorted. */
  readonly recorded: readonly string[]
  readonly replayed: readonly string[]
  /** Stored, and neither recorded nor replayed. */
  readonly unused: readonly string[]
  /** The requests that had no answer, each once: its method and its redacted URL. */
  readonly unhandled: readonly string[]
}
