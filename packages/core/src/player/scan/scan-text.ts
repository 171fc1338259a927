import { utf16Of, utf8 } from '../../model/text-coding.ts'
import { hasPlaceholder } from '../../model/redaction/placeholder.ts'

/** A scalar of a document, and where it is. */
export interface Leaf {
  /** The keys and indices that lead to it. */
  readonly keys: Keys
  readonly text: string
}

type Keys = readonly (string | number)[]

/** Every scalar of a document in one text, each behind its key, so that a scanner sees what it is. */
export class ScanText {
  readonly text: string
  readonly #leaves: readonly Leaf[]
  readonly #starts: readonly number[]

  /** @param document the plain value that a file holds */
  constructor(document: unknown) {
    const leaves = leavesOf(document)
    const starts: number[] = []
    let length = 0
    const parts = leaves.map((leaf, at) => {
      const isNext = isNextChunk(leaves[at - 1], leaf)
      const part = isNext ? leaf.text : `\n${labelOf(leaf, leaves[at - 1])}: ${leaf.text}`
      starts.push(length)
      length += part.length
      return part
    })
    this.text = parts.join('')
    this.#leaves = leaves
    this.#starts = starts
  }

  /** The scalar that an offset of the text is in. */
  leafAt(offset: number): Leaf | undefined {
    return this.#leaves[this.#starts.findLastIndex((start) => start <= offset)]
  }

  /** Whether a stretch of the text is what redaction left. */
  isRedacted(start: number, end: number): boolean {
    return hasPlaceholder(this.text.slice(start, end))
  }
}

/** Every scalar in a document, in order. */
export function leavesOf(document: unknown): Leaf[] {
  const leaves: Leaf[] = []
  addLeaves(leaves, document, [])
  return leaves
}

function addLeaves(leaves: Leaf[], value: unknown, keys: Keys): void {
  if (typeof value !== 'object' || value === null) {
    leaves.push({ keys, text: keys.at(-1) === 'base64' ? decoded(String(value)) : String(value) })
  } else if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) addLeaves(leaves, item, [...keys, at])
  } else {
    for (const [key, item] of Object.entries(value)) {
      // The name says again what the URL says, and a time stands between two chunks of a text.
      if ((keys.length > 0 || key !== 'name') && key !== 'afterMs') {
        addLeaves(leaves, item, [...keys, key])
      }
    }
  }
}

// A secret may go from one chunk of a stream into the next.
function isNextChunk(one: Leaf | undefined, other: Leaf): boolean {
  if (one === undefined || other.keys.at(-3) !== 'chunks') return false
  const list = (leaf: Leaf) => leaf.keys.slice(0, -2).join('.')
  return list(one) === list(other)
}

/** Whether a place is that of the value of a header, whose name stands before it. */
export function isHeaderValue(keys: Keys): boolean {
  const [, part] = keys
  return part !== 'body' && keys.at(-1) === 1 && /^(?:headers|trailers)$/.test(String(keys.at(-3)))
}

function labelOf({ keys }: Leaf, before: Leaf | undefined): string {
  if (isHeaderValue(keys)) return before?.text ?? ''
  return String(keys.findLast((key) => typeof key === 'string'))
}

/** The place that keys and indices lead to: `response.body.json.note`. */
export function placeOf(keys: Keys): string {
  return keys
    .map((key) => (typeof key === 'number' ? `[${key}]` : partOf(key)))
    .join('')
    .replace(/^\./, '')
}

function partOf(key: string): string {
  return /^[A-Za-z_$][\w$-]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}

function decoded(base64: string): string {
  const bytes = Buffer.from(base64, 'base64')
  const text = (utf16Of(bytes) ?? utf8).decode(bytes)
  return text.includes('\ufffd') ? bytes.toString('latin1') : text
}
