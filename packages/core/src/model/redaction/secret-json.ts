import { withEdits, type Edit } from '../edit-text.ts'
import type { Secrets } from './secrets.ts'

// Strings are taken as a whole, so JSON inside a string is never mistaken for structure; none goes
// past its line, so a stray quote in an event stream misleads no further. Runs, not an alternation
// for each character: else a string of some megabytes overflows the stack of the engine.
const string = String.raw`"([^"\\\n\r]*(?:\\.[^"\\\n\r]*)*)"`
const number = String.raw`-?\d[\d.eE+-]*`
const token = new RegExp(`${string}|${number}|[[\\]{}]`, 'g')
const colon = /\s*:\s*/y
// How deep JSON in a string of JSON in a string is followed.
const maxInside = 4

/**
 * Finds the scalars under secret keys at any depth of JSON, those in lists under such keys, and
 * both in JSON that is a string of it. Takes any text: JSON lines, or an event stream with JSON.
 */
export function findInJson(text: string, secrets: Secrets, inside = 0): Edit[] {
  const edits: Edit[] = []
  const tokens = new RegExp(token)
  /** For each bracket that is open: the secret key of a list, or `undefined`. */
  const open: (string | undefined)[] = []
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    const [found, content] = match
    const start = match.index
    if (found === ']' || found === '}') open.pop()
    else if (found === '{') open.push(undefined)
    else if (found === '[') open.push(open.at(-1))
    else if (content === undefined || !isKey(text, tokens.lastIndex)) {
      const list = open.at(-1)
      const edit =
        list === undefined
          ? inString(content, start, secrets, inside)
          : hidden(start, found, list, secrets)
      if (edit !== undefined) edits.push(edit)
    } else {
      tokens.lastIndex = colon.lastIndex
      const name = unescaped(content)
      if (secrets.isSecret('field', name)) {
        const value = valueAt(text, tokens)
        if (value === '[') open.push(name)
        else if (value !== undefined && !isWordOfAModel(text, tokens.lastIndex)) {
          const edit = hidden(tokens.lastIndex - value.length, value, name, secrets)
          if (edit !== undefined) edits.push(edit)
        }
      }
    }
  }
  return edits
}

function isKey(text: string, end: number): boolean {
  colon.lastIndex = end
  return colon.test(text)
}

/** Takes the string, the number or the opening of a list that stands at the place of the tokens. */
function valueAt(text: string, tokens: RegExp): string | undefined {
  const start = tokens.lastIndex
  const match = tokens.exec(text)
  if (match?.index === start && /^["\d[-]/.test(match[0])) return match[0]
  tokens.lastIndex = start
  return undefined
}

function hidden(start: number, found: string, name: string, secrets: Secrets): Edit | undefined {
  const value = found.startsWith('"') ? unescaped(found.slice(1, -1)) : found
  if (value === '') return undefined
  const text = JSON.stringify(secrets.hide('field', name, value))
  return { start, end: start + found.length, text }
}

function inString(
  content: string | undefined,
  start: number,
  secrets: Secrets,
  inside: number,
): Edit | undefined {
  if (content === undefined || inside === maxInside || !/^(?:\\[nrt]|\s)*[[{]/.test(content)) {
    return undefined
  }
  const text = unescaped(content)
  const edits = findInJson(text, secrets, inside + 1)
  if (edits.length === 0) return undefined
  return {
    start,
    end: start + content.length + 2,
    text: JSON.stringify(withEdits(text, edits)),
  }
}

/** Language models call the pieces of a text tokens, and give each with its probability. */
function isWordOfAModel(text: string, end: number): boolean {
  return /^\s*,\s*"logprob"/.test(text.slice(end, end + 32))
}

function unescaped(jsonString: string): string {
  try {
    return String(JSON.parse(`"${jsonString}"`))
  } catch {
    return jsonString
  }
}
