/** One file format. It knows text and plain values, nothing of interactions. */
export interface Encoder {
  /** How the option `fileFormat` calls it. */
  readonly format: FileFormat
  /** With the dot; the first is the one that new files get. */
  readonly extensions: readonly [string, ...string[]]
  encode(value: unknown): string
  /** @throws an Error whose message tells the problem and its line and column */
  decode(text: string): unknown
}

export type FileFormat = 'json' | 'yaml'
