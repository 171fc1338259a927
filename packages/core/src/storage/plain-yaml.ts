// What `yamlEncoder` writes of most values. Anything else is left to js-yaml, so that each of these
// may be narrower than YAML is, and never wider.
const notAscii = /[^\n\u0020-\u007e]/
const unreadable = /[^\n\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\u{10000}-\u{10fffd}]/u
const quoted = String.raw`'(?:[^'\n]|'')*'|"(?:[^"\\\n]|\\.)*"`
const key = new RegExp(String.raw`(${quoted}|[A-Za-z_][\w./ -]*):(?=[ \n])`, 'y')
const start = String.raw`(?:[^\s?:,[\]{}#&*!|>'"%@\`-]|-(?=[^\s-]))`
const beginning = new RegExp(`^${start}`)
const notWithin = /: | #|[: ]$/
const item = new RegExp(
  String.raw`(${quoted}|${start}(?:[^,[\]{}:#\n]|:(?=[^\s,[\]{}])|(?<=\S)#)*)(, |\]$)`,
  'ym',
)
const simpleNumber = /^(?:0|-?[1-9]\d{0,14}|-?(?:0|[1-9]\d{0,7})\.\d{0,7}[1-9])$/
const mayBeOther =
  /^(?:~|null|true|false|[-+]?(?:0[box][\da-f]*|(?:\d[\d_]*\.?|\.\d)[\d_]*(?:e[-+]?\d*)?|\.(?:inf|nan)))$/i
const maxDepth = 100

class NotPlain extends Error {}

/**
 * Reads YAML in the plain form that Cassette writes, several times faster than js-yaml.
 *
 * @returns `undefined` for any other text, be it YAML or not
 */
export function readPlainYaml(text: string): { readonly value: unknown } | undefined {
  if (!text.endsWith('\n') || (notAscii.test(text) && unreadable.test(text))) return undefined
  try {
    return { value: new PlainYaml(text).document() }
  } catch (error) {
    if (error instanceof NotPlain) return undefined
    throw error
  }
}

class PlainYaml {
  readonly #text: string
  #at = 0
  #depth = 0
  /** Where the last key that was found begins, and where its colon ends. */
  #keyAt = -1
  #keyEnd = -1

  constructor(text: string) {
    this.#text = text
  }

  document(): unknown {
    const value = this.#block(this.#skipIndent())
    return this.#at === this.#text.length ? value : fail()
  }

  /** A list or a mapping that begins here, at a column. */
  #block(column: number): unknown {
    this.#depth += 1
    if (this.#depth > maxDepth) fail()
    const value = this.#isItem() ? this.#list(column) : this.#mapping(column)
    this.#depth -= 1
    return value
  }

  #list(column: number): unknown[] {
    const values: unknown[] = []
    do {
      if (!this.#isItem()) fail()
      this.#at += 2
      values.push(this.#isItem() || this.#hasKey() ? this.#block(column + 2) : this.#scalar(column))
    } while (this.#isNextAt(column))
    return values
  }

  #mapping(column: number): object {
    const values: Record<string, unknown> = {}
    do {
      const name = this.#key()
      if (name === '__proto__' || Object.hasOwn(values, name)) fail()
      values[name] = this.#value(column)
    } while (this.#isNextAt(column))
    return values
  }

  #key(): string {
    if (!this.#hasKey()) fail()
    const name = scalarOf(this.#text.slice(this.#at, this.#keyEnd - 1))
    this.#at = this.#keyEnd
    return typeof name === 'string' ? name : fail()
  }

  #value(column: number): unknown {
    const isBelow = this.#text[this.#at] === '\n'
    this.#at += 1
    if (!isBelow) return this.#scalar(column)
    const below = this.#skipIndent()
    return below > column ? this.#block(below) : fail()
  }

  /** What stands in the rest of a line, or is announced there. */
  #scalar(column: number): unknown {
    const end = this.#text.indexOf('\n', this.#at)
    const rest = this.#text.slice(this.#at, end)
    this.#at = end + 1
    if (rest.startsWith('|')) return this.#lines(rest, column)
    return rest.startsWith('[') ? flowList(rest) : rest === '{}' ? {} : scalarOf(rest)
  }

  /** A text of several lines, each as it is. */
  #lines(header: string, column: number): string {
    if (header !== '|' && header !== '|-' && header !== '|+') fail()
    const lines: string[] = []
    let indent = 0
    for (;;) {
      const end = this.#text.indexOf('\n', this.#at)
      if (end < 0) break
      if (end > this.#at) {
        const own = this.#indentHere()
        if (indent === 0) indent = own > column ? own : fail()
        if (own < indent) break
      }
      lines.push(this.#text.slice(Math.min(this.#at + indent, end), end))
      this.#at = end + 1
    }
    const last = lines.findLastIndex((line) => line !== '')
    const text = last < 0 ? fail() : lines.slice(0, last + 1).join('\n')
    if (header === '|-') return text
    return text + '\n'.repeat(header === '|' ? 1 : lines.length - last)
  }

  #isItem(): boolean {
    return this.#text.startsWith('- ', this.#at)
  }

  #hasKey(): boolean {
    // Asked twice of the first key in an item of a list.
    if (this.#keyAt === this.#at) return true
    key.lastIndex = this.#at
    if (!key.test(this.#text)) return false
    this.#keyAt = this.#at
    this.#keyEnd = key.lastIndex
    return true
  }

  /** Goes on to the next line where it belongs to a list or mapping at a column. */
  #isNextAt(column: number): boolean {
    const indent = this.#indentHere()
    if (indent < column) return false
    this.#at += indent
    return indent === column ? this.#at < this.#text.length : fail()
  }

  #skipIndent(): number {
    const indent = this.#indentHere()
    this.#at += indent
    return indent
  }

  #indentHere(): number {
    let end = this.#at
    while (this.#text[end] === ' ') end += 1
    return end - this.#at
  }
}

function flowList(text: string): unknown[] {
  const values: unknown[] = []
  if (text === '[]') return values
  item.lastIndex = 1
  for (;;) {
    const [, value, next] = item.exec(text) ?? fail()
    values.push(scalarOf(value!))
    if (next !== ', ') return item.lastIndex === text.length || next === ']' ? values : fail()
  }
}

function scalarOf(text: string): unknown {
  if (text.startsWith("'")) return singleQuoted(text)
  if (text.startsWith('"')) return doubleQuoted(text)
  if (text === 'null') return null
  if (text === 'true' || text === 'false') return text === 'true'
  if (!beginning.test(text) || notWithin.test(text)) fail()
  if (simpleNumber.test(text)) return Number(text)
  return mayBeOther.test(text) ? fail() : text
}

function singleQuoted(text: string): string {
  return /^'(?:[^']|'')*'$/.test(text) ? text.slice(1, -1).replaceAll("''", "'") : fail()
}

// JSON's escapes mean the same in YAML, which has more of them.
function doubleQuoted(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return fail()
  }
}

function fail(): never {
  throw new NotPlain()
}
