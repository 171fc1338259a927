import { isUtf8 } from 'node:buffer'
import type { CassetteName } from '../model/cassette-name.ts'
import type { FileFormat } from '../model/encoder.ts'

/** One interaction in the bytes of a file. */
export interface Piece {
  /** As it stands in its first lines; what else is there may say otherwise. */
  readonly name: CassetteName
  readonly matchOn: string
  /** Offsets in bytes. */
  readonly start: number
  readonly end: number
}

/** What stands around the interactions of a whole cassette, as the encoders write it. */
interface Layout {
  readonly head: Buffer
  /** From the end of one interaction to the name of the next. */
  readonly between: Buffer
  readonly tail: Buffer
  /** How much of `head` and of `between` belongs to the interaction behind it. */
  readonly opening: number
  /** How much of `between` and of `tail` belongs to the interaction before it. */
  readonly closing: number
  /** Its name and its fingerprint, from where the name begins. */
  readonly firstLines: RegExp
  readonly nameIn: (text: string) => string
}

const layouts: Readonly<Record<FileFormat, Layout>> = {
  json: {
    head: Buffer.from('{\n  "cassette": 1,\n  "interactions": [\n    {\n      "name": "'),
    between: Buffer.from('\n    },\n    {\n      "name": "'),
    tail: Buffer.from('\n    }\n  ]\n}\n'),
    opening: '{\n      "name": "'.length,
    closing: '\n    }'.length,
    firstLines: /^([^"\\\n]+)",\n {6}"matchOn": "([0-9a-f]+)",\n/,
    nameIn: (text) => text,
  },
  yaml: {
    head: Buffer.from('cassette: 1\ninteractions:\n  - name: '),
    between: Buffer.from('\n  - name: '),
    tail: Buffer.from('\n'),
    opening: '  - name: '.length,
    closing: '\n'.length,
    firstLines: /^([a-z][^\n#'"]*|'[^\n']+')\n {4}matchOn: '?([0-9a-f]+)'?\n/,
    nameIn: (text) => (text.startsWith("'") ? text.slice(1, -1) : text),
  },
}

const lineEnd = 0x0a
const conflict = Buffer.from('\n<<<<<<< ')

/**
 * Cuts a whole cassette into its interactions without parsing it, where it has the very form that
 * Cassette writes: no string of JSON goes over a line end, and no text of YAML stands as far left as
 * the list does, so what looks like the beginning of an interaction is one.
 *
 * @returns `undefined` for a file of another form, and for one with the marks of a merge conflict
 */
export function cutCassette(bytes: Buffer, format: FileFormat): readonly Piece[] | undefined {
  const { head, between, tail, opening, closing, firstLines, nameIn } = layouts[format]
  const hasForm = startsWith(bytes, head) && endsWith(bytes, tail)
  if (!hasForm || !isUtf8(bytes) || bytes.includes(conflict)) return undefined
  const last = bytes.length - tail.length
  const pieces: Piece[] = []
  for (let at = head.length; ;) {
    const next = bytes.indexOf(between, at)
    const end = (next < 0 ? last : next) + closing
    const behindName = bytes.indexOf(lineEnd, at) + 1
    const behindLines = bytes.indexOf(lineEnd, behindName) + 1
    const lines = firstLines.exec(bytes.toString('utf8', at, Math.min(behindLines, end)))
    if (lines === null) return undefined
    pieces.push({ name: nameIn(lines[1]!), matchOn: lines[2]!, start: at - opening, end })
    if (next < 0) return pieces
    at = next + between.length
  }
}

function startsWith(bytes: Buffer, part: Buffer): boolean {
  return bytes.subarray(0, part.length).equals(part)
}

function endsWith(bytes: Buffer, part: Buffer): boolean {
  return bytes.length > part.length && bytes.subarray(-part.length).equals(part)
}
