import { createRequire } from 'node:module'
import type * as yamlModule from 'js-yaml'
import type { Encoder } from '../model/encoder.ts'
import { loadLate } from '../load-late.ts'
import { lineAndColumn } from './line-and-column.ts'

type Yaml = typeof yamlModule
type Sequence = Extract<yamlModule.Node, { kind: 'sequence' }>

const require = createRequire(import.meta.url)
let loaded: Yaml | undefined

// js-yaml tries styles by regular expressions that overflow the stack somewhere above this length.
const longText = 500_000
const shortLine = 100
const maxDepth = 160

/**
 * YAML 1.2 with the types of JSON. Text of several lines is a block scalar and a short list of
 * scalars (a header) stands on one line; anchors are neither written nor read.
 */
export const yamlEncoder: Encoder = {
  format: 'yaml',
  extensions: ['.yaml', '.yml'],
  encode(value) {
    const yaml = load()
    const longTexts = new Map<string, string>()
    const transform = (documents: yamlModule.Document[]): void =>
      yaml.visit(documents, (node) => {
        if (isShortList(node, yaml)) node.style = yaml.COLLECTION_STYLE.FLOW
        if (node.kind !== 'scalar' || node.value.length < longText) return
        const stand = process.getBuiltinModule('node:crypto').randomUUID()
        longTexts.set(stand, node.value)
        node.value = stand
      })
    const text = yaml.dump(value, { noRefs: true, lineWidth: -1, transform })
    return [...longTexts].reduce(
      // JSON's string is one of YAML's forms, too.
      (all, [stand, long]) => all.replace(stand, () => JSON.stringify(long)),
      text,
    )
  },
  decode(text): unknown {
    const yaml = load()
    try {
      return yaml.load(text, { schema: yaml.CORE_SCHEMA, maxDepth, maxAliases: 0 })
    } catch (cause) {
      throw new SyntaxError(problem(cause, yaml, text), { cause })
    }
  },
}

// Most cassettes are JSON, and those who use them should not wait for a YAML parser.
function load(): Yaml {
  const yaml: Yaml = (loaded ??= loadLate(() => require('js-yaml')))
  return yaml
}

function isShortList(node: yamlModule.Node, { SCALAR_STYLE }: Yaml): node is Sequence {
  if (node.kind !== 'sequence') return false
  const texts = node.items.map((item) =>
    item.kind === 'scalar' && item.style === SCALAR_STYLE.PLAIN ? item.value : '\n',
  )
  const length = texts.reduce((sum, text) => sum + text.length, 0)
  return length <= shortLine && !texts.some((text) => text.includes('\n'))
}

function problem(cause: unknown, yaml: Yaml, text: string): string {
  if (!(cause instanceof yaml.YAMLException)) return String(cause)
  const { reason, mark } = cause
  const what = reason.startsWith('aliases exceeded') ? 'an alias, which is not allowed' : reason
  if (mark !== undefined) return `${what} at line ${mark.line + 1}, column ${mark.column + 1}`
  const second = /\n(?=(?:---|\.\.\.)(?:\s|$))/.exec(text)
  return second === null
    ? `${what} ${lineAndColumn(text, text.length).replace(/^line (\d+).*/, 'in lines 1 to $1')}`
    : `${what} at ${lineAndColumn(text, second.index + 1)}`
}
